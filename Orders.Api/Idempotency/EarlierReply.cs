using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orders.Api.Domain;
using Orders.Api.Features;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Idempotency;

/// <summary>What a key led to the first time.</summary>
/// <param name="Fingerprint">Of the request that did the work.</param>
/// <param name="Status">Its reply's status.</param>
/// <param name="Location">Its reply's Location.</param>
/// <param name="OrderId">The order, when it was about one.</param>
/// <param name="Version">The order's version after it, when it was about one.</param>
/// <param name="Body">Its reply's body.</param>
/// <param name="Etag">Its reply's ETag, when it was not about an order and had one.</param>
internal sealed record EarlierReply(
    byte[] Fingerprint, int Status, string? Location, string? OrderId, int? Version, byte[]? Body, string? Etag)
{
    public const string ReplayedHeader = "Idempotency-Replayed";

    public const string Select = """
        select k.fingerprint, k.status, k.location, k.order_id, k.version, coalesce(h.state, k.body), k.etag from idempotency_keys k
        left join order_history h on h.order_id = k.order_id and h.version = k.version
        where k.owner = $1 and k.key = $2
        """;

    public static async Task<EarlierReply?> ReadAsync(NpgsqlDataReader rows, CancellationToken cancel) =>
        await rows.ReadAsync(cancel) ? Read(rows) : null;

    /// <summary>The earlier reply of a request that is done through EF, or null; call it before the work and after a lost race.</summary>
    public static async Task<IResult?> FindAsync(OrdersDbContext db, IdempotentRequest request, CancellationToken cancel)
    {
        if (!request.HasKey) return null;
        var row = await db.IdempotencyKeys.AsNoTracking()
            .SingleOrDefaultAsync(key => key.Owner == request.Owner && key.Key == request.Key, cancel);
        return row is null
            ? null
            : new EarlierReply(row.Fingerprint, row.Status, row.Location, null, null, row.Body is null ? null
                : System.Text.Encoding.UTF8.GetBytes(row.Body), row.Etag)
                .To(request);
    }

    /// <summary>True when a save failed because a request with the same key came first.</summary>
    public static bool IsRace(DbUpdateException error) =>
        error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "idempotency_keys_pkey" };

    /// <summary>The same reply once more, or the refusal of a key that was used for something else.</summary>
    public IResult To(IdempotentRequest request) =>
        IsOf(request) ? new Replay(this) : new OrderError.KeyReused().ToProblem();

    /// <summary>False when the key was used for something else.</summary>
    public bool IsOf(IdempotentRequest request) => Fingerprint.AsSpan().SequenceEqual(request.Fingerprint);

    private static EarlierReply Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<byte[]>(0), row.GetInt16(1), row.TextOrNull(2), row.TextOrNull(3), row.IsDBNull(4) ? null : row.GetInt32(4),
        row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5), row.TextOrNull(6));

    private sealed class Replay(EarlierReply earlier) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers[ReplayedHeader] = "true";
            var body = earlier.Body ?? [];
            if (earlier.Version is { } of && RefundReply.IsAt(earlier.Location))
            {
                return RefundReply.Of(new CachedOrder(of, body), earlier.Location!, earlier.OrderId!, earlier.Status)
                    .ExecuteAsync(httpContext);
            }

            if (earlier.Version is { } version)
                return new OrderReply(new CachedOrder(version, body), earlier.Status, earlier.Location, earlier.OrderId)
                    .ExecuteAsync(httpContext);

            httpContext.Response.StatusCode = earlier.Status;
            if (earlier.Location is not null) httpContext.Response.Headers.Location = earlier.Location;
            if (earlier.Etag is not null) httpContext.Response.Headers.ETag = earlier.Etag;
            if (body.Length == 0) return Task.CompletedTask;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            httpContext.Response.ContentLength = body.Length;
            return httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
        }
    }
}

/// <summary>A row of <c>idempotency_keys</c> as EF writes it.</summary>
internal sealed class IdempotencyRow
{
    public required string Owner { get; init; }

    public required string Key { get; init; }

    public required byte[] Fingerprint { get; init; }

    public required short Status { get; init; }

    public string? Location { get; init; }

    public string? OrderId { get; init; }

    public int? Version { get; init; }

    public string? Body { get; init; }

    public string? Etag { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal static class IdempotentSaves
{
    /// <summary>Remembers, with the next save, that the request's key led to this; does nothing for a request without a key.</summary>
    public static void Remember<T>(this OrdersDbContext db, IdempotentRequest request, int status, string? location, T body)
    {
        if (request.HasKey)
            db.IdempotencyKeys.Add(request.Remember(status, location, System.Text.Json.JsonSerializer.Serialize(body,
                RequestJson.Replies)));
    }
}
