using System.Globalization;
using Npgsql;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.ServiceDefaults.Freshness;

namespace Orders.Api.Features.Freshness;

/// <summary><c>GET /v1/freshness</c>: how long changes took, in the last minutes, from their commit to each place on their way.</summary>
internal static class ReadFreshness
{
    public const int MinutesMax = 1440;
    public const int MinutesDefault = 15;

    /// <param name="Name">Where the change has got to: see <see cref="FreshnessStages"/>.</param>
    /// <param name="Changes">How many were stamped there.</param>
    public sealed record Stage(string Name, long Changes, double P50, double P95, double P99);

    /// <param name="From">The first minute that is counted.</param>
    /// <param name="Stages">In the order of their names; a stage without changes is left out.</param>
    public sealed record Reply(DateTimeOffset From, int Minutes, IReadOnlyList<Stage> Stages);

    public static async Task<IResult> Handle(string? minutes, NpgsqlDataSource database, TimeProvider time, CancellationToken cancel)
    {
        var check = new Check();
        var window = Minutes(minutes, check);
        if (check.Failed) return check.Problem;

        var now = time.GetUtcNow();
        var from = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero).AddMinutes(1 - window);
        await using var command = database.CreateCommand("select stage, counts from freshness where minute >= $1 order by stage, minute");
        command.With(Sql.Instant(from));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var stages = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancel)) Add(stages, rows.GetString(0), await rows.GetFieldValueAsync<long[]>(1, cancel));
        return TypedResults.Ok(new Reply(from, window, [.. stages.Select(stage => Of(stage.Key, stage.Value))]));
    }

    private static void Add(SortedDictionary<string, long[]> stages, string stage, long[] counts)
    {
        if (!stages.TryGetValue(stage, out var sum)) stages.Add(stage, sum = new long[FreshnessBuckets.Count]);
        for (var bucket = 0; bucket < Math.Min(sum.Length, counts.Length); bucket++) sum[bucket] += counts[bucket];
    }

    private static Stage Of(string name, long[] counts)
    {
        double At(double share) => Math.Round(FreshnessBuckets.Percentile(counts, share)!.Value, 4);
        return new Stage(name, counts.Sum(), At(0.50), At(0.95), At(0.99));
    }

    private static int Minutes(string? text, Check check)
    {
        if (text is null) return MinutesDefault;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 1 and <= MinutesMax)
            return minutes;
        check.Fail("minutes", string.Create(CultureInfo.InvariantCulture, $"must be a whole number from 1 to {MinutesMax}"));
        return MinutesDefault;
    }
}
