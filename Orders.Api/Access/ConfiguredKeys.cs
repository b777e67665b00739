using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Orders.Api.Access.Administration;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Access;

/// <summary>
/// Brings the table's configured keys in line with the configuration: one statement, the same for every replica that starts with it.
/// A key that is configured no longer is deleted; one that is gets its secret, scopes and limits from here and is not revoked.
/// </summary>
internal static class ConfiguredKeys
{
    private const string Store = """
        with wanted as (select * from json_populate_recordset(null::api_keys, @rows)),
             gone as (delete from api_keys where configured and id not in (select id from wanted))
        insert into api_keys select * from wanted order by id
        on conflict (id) do update set
            name = excluded.name, secret_hash = excluded.secret_hash, previous_hash = null, previous_until = null,
            scopes = excluded.scopes, customer_id = excluded.customer_id, requests_per_second = excluded.requests_per_second,
            burst = excluded.burst, configured = true, expires_at = null, revoked_at = null
        """;

    private static readonly JsonSerializerOptions Columns = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new UtcConverter() },
    };

    public static async Task StoreConfiguredKeysAsync(this WebApplication app, CancellationToken cancel = default)
    {
        var keys = app.Services.GetRequiredService<IOptions<AccessOptions>>().Value.Keys;
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrdersDbContext>();
        await db.StoreAsync(keys, app.Services.GetRequiredService<TimeProvider>().GetUtcNow(), cancel);
    }

    public static Task StoreAsync(this OrdersDbContext db, IEnumerable<ConfiguredKey> keys, DateTimeOffset now, CancellationToken cancel)
    {
        var rows = JsonSerializer.Serialize(keys.Select(key => Row(key, now)), Columns);
        return db.Database.ExecuteSqlRawAsync(Store, [new NpgsqlParameter("rows", NpgsqlDbType.Json) { Value = rows }], cancel);
    }

    /// <summary>What is wrong with the configured keys, without a word of their secrets.</summary>
    public static IEnumerable<string> Mistakes(IReadOnlyList<ConfiguredKey> keys)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < keys.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{AccessOptions.Section}:Keys:{i}:");
            var key = keys[i];
            if (!KeyToken.TryRead(key.Token, out var id, out _))
                yield return at + "Token must be ordk_{id}_{secret}, the id of a-z, 0-9 and -, the secret of 32 to 128 characters";
            else if (!ids.Add(id.ToString())) yield return at + "Token has the id of another key";
            if (key.Scopes.Count == 0 || key.Scopes.Except(Scopes.All, StringComparer.Ordinal).Any())
                yield return at + "Scopes must be some of " + string.Join(", ", Scopes.All);
            else if (key.CustomerId is not null && key.Scopes.Except(Scopes.OfBoundKeys, StringComparer.Ordinal).Any())
                yield return at + "Scopes of a key bound to a customer must be some of " + string.Join(", ", Scopes.OfBoundKeys);
            if (key.CustomerId is { } customer && (customer.Length is 0 or > 64 || !KeyChecks.IsQuotable(customer)))
                yield return at + "CustomerId must be 1 to 64 characters without quotes and backslashes";
            if (key.RequestsPerSecond is < 1 or > AccessOptions.RateMax || key.Burst is < 1 or > AccessOptions.RateMax)
                yield return at + "RequestsPerSecond and Burst must be 1 to 1,000,000";
        }
    }

    private static StoredRow Row(ConfiguredKey key, DateTimeOffset now)
    {
        KeyToken.TryRead(key.Token, out var id, out var secret);
        return new StoredRow(
            id.ToString(), key.Name ?? id.ToString(), @"\x" + Convert.ToHexStringLower(KeyToken.Hash(secret)),
            [.. key.Scopes.Distinct(StringComparer.Ordinal)], key.CustomerId, key.RequestsPerSecond, key.Burst, true, now);
    }

    private sealed record StoredRow(
        string Id, string Name, string SecretHash, string[] Scopes, string? CustomerId, int? RequestsPerSecond, int? Burst,
        bool Configured, DateTimeOffset CreatedAt);
}
