using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Orders.Tests.Docs;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Robustness;

/// <summary>
/// Requests that no client should send, made from the document: other ones every day, the same ones all day long, so that a
/// change that breaks
/// one is found out by the next run and can be tried again. The seed is said; ORDERS_HOSTILE_SEED repeats a day, and
/// ORDERS_HOSTILE_REQUESTS=10000 looks further.
/// </summary>
public sealed class HostileRequests(OrdersApplication app, ITestOutputHelper output) : StormTests
{
    private const int Workers = 8;
    private const long GrowthMax = 600L << 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (int Count, string Example)> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentDictionary<string, TimeSpan> _times = new(StringComparer.Ordinal);

    [Fact]
    public async Task Are_refused_by_name_and_leave_no_trace()
    {
        var today = TimeProvider.System.GetUtcNow().UtcDateTime;
        var seed = Setting("ORDERS_HOSTILE_SEED", (today.Year * 10_000) + (today.Month * 100) + today.Day);
        var count = Setting("ORDERS_HOSTILE_REQUESTS", 2_500);
        output.WriteLine($"ORDERS_HOSTILE_SEED={seed} ORDERS_HOSTILE_REQUESTS={count} sends the same ones again");
        var document = new ApiDocument(JsonNode.Parse(await app.Api.GetStringAsync("/openapi/v1.json"))!.AsObject());
        using var world = await World.OpenAsync(app);
        string[] states = ["placed", "placed", "placed", "confirmed", "confirmed", "paid", "paid", "refunded", "shipped", "delivered"];
        for (var i = 0; i < 4 * states.Length; i++) world.Met((await world.OrderAsync(states[i % states.Length])).Id);
        await world.Shop.FoundAsync(await world.OrderAsync("placed"));
        var memory = await app.MemoryOfAsync("api");

        var started = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            using var connection = new RawConnection(app.Api.BaseAddress!);
            while (Interlocked.Increment(ref next) is var index && index < count)
                await SendAsync(document, world, connection, index, new Random(unchecked((seed * 16_777_619) + index)));
        })));

        output.WriteLine($"seed {seed}: {count} requests in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s, "
            + string.Join(", ", _statuses.OrderBy(status => status.Key).Select(status => $"{status.Value} x {status.Key}")));
        output.WriteLine("longest, all together: " + string.Join(", ", _times.OrderByDescending(time => time.Value).Take(12)
            .Select(time => $"{time.Key} {time.Value.TotalSeconds:F1} s")));

        Assert.True(_failures.IsEmpty, Report(seed));
        Assert.InRange(await app.MemoryOfAsync("api") - memory, long.MinValue, GrowthMax);
        await Aftermath.CheckAsync(app, world, document);
        // Among the requests are valid ones for proofs, rebuilds and replays.
        await app.NoJobAsync();
    }

    private async Task SendAsync(ApiDocument document, World world, RawConnection connection, int index, Random random)
    {
        var operation = document.Operations[index % document.Operations.Count];
        var ids = await world.AnyAsync(operation, random);
        var request = RequestBuilder.Build(operation, ids, world.Token, _ => random.Next(2) == 0, random.Next(2));
        Mutations.Mutate(request, document, random);
        string? wrong;
        var sent = Stopwatch.GetTimestamp();
        try
        {
            using var patience = new CancellationTokenSource(Deadline);
            var reply = await connection.SendAsync(request.ToBytes(app.Api.BaseAddress!.Authority), request.IsTruncated, patience.Token);
            _statuses.AddOrUpdate(reply.Status, 1, (_, seen) => seen + 1);
            wrong = Verdict.Of(document, request, reply);
            if (operation.Id == "placeOrder" && reply.Status == 201) world.Met(Shop.Read(reply.Body).Id);
        }
        catch (OperationCanceledException)
        {
            wrong = $"no reply within {Deadline.TotalSeconds} s";
        }

        _times.AddOrUpdate(operation.ToString(), Stopwatch.GetElapsedTime(sent), (_, sum) => sum + Stopwatch.GetElapsedTime(sent));
        if (wrong is null) return;
        var example = $"#{index} {request}";
        _failures.AddOrUpdate($"{operation}: {wrong}", (1, example), (_, known) => (known.Count + 1, known.Example));
    }

    private string Report(int seed) => string.Create(CultureInfo.InvariantCulture,
        $"seed {seed}: {_failures.Values.Sum(failure => failure.Count)} requests were answered wrongly, in {_failures.Count} ways\n\n")
        + string.Join("\n\n", _failures.OrderByDescending(failure => failure.Value.Count).Take(40)
            .Select(failure => $"{failure.Value.Count} x {failure.Key}\n{failure.Value.Example}"));

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : usual;
}
