using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary>
/// <c>POST /v1/products/{id}/stock</c>: pieces that come (<c>{"change": 5}</c>), go (<c>{"change": -3}</c>) or were counted
/// (<c>{"set": 10}</c>). Atomic beside orders that take pieces; never below zero (409 <c>out_of_stock</c>). Changes neither the
/// product's version nor its <c>updated_at</c>.
/// </summary>
internal static class ChangeStock
{
    // Stock, reply and idempotency key in one statement: all of it or nothing.
    private const string Update = """
        with changed as (
            update products set stock = case when $2 is null then $3 else stock + $2 end
            where id = $1 and ($2 is null or stock::bigint + $2 between 0 and 2147483647)
            returning id, version, stock
        ),
        replied as (
            select version, stock, (select row_to_json(reply) from (select c.id, c.stock) reply) as body from changed c
        ),
        remembered as (
            insert into idempotency_keys (owner, key, fingerprint, status, body)
            select $4, $5, $6, 200, body from replied where $7
        )
        select version, stock, body::text from replied
        """;

    public sealed record Request(
        [Range(int.MinValue, int.MaxValue)] int? Change, [Range(0, int.MaxValue)] int? Set);

    public sealed record StockReply(string Id, int Stock);

    public static async Task<IResult> Handle(
        string id, JsonBody<Request> body, IdempotentRequest request, OrdersDbContext db, NpgsqlDataSource database,
        CancellationToken cancel)
    {
        var check = Validate(body.Value);
        if (check.Failed) return check.Problem;
        if (id.Contains('\0')) return Products.NotFound(id);
        if (await EarlierReply.FindAsync(db, request, cancel) is { } earlier) return earlier;

        // Until the connection is open, nothing has been sent.
        await using var connection = await database.OpenConnectionAsync(cancel);
        try
        {
            return await ChangeAsync(connection, id, body.Value, request, cancel) ?? await RefuseAsync(db, id, body.Value, cancel);
        }
        catch (PostgresException error) when (error.ConstraintName == "idempotency_keys_pkey")
        {
            return (await EarlierReply.FindAsync(db, request, cancel))!;
        }
        catch (NpgsqlException error) when (error is not PostgresException && ExceptionReplies.IsDatabaseAway(error))
        {
            // The server did not say no: it may have said yes. A 503 would have the pieces counted twice.
            return Problems.Of(ProblemTypes.StockUnknown,
                request.HasKey
                    ? "the stock may or may not have been changed: send the request again with the same Idempotency-Key"
                    : $"the stock may or may not have been changed: ask for /v1/products/{id} before sending it again");
        }
    }

    private static Check Validate(Request request)
    {
        var check = new Check();
        if (request.Change is null == request.Set is null) check.Fail("change", "must be there, or set instead of it");
        if (request.Change == 0) check.Fail("change", "must not be 0");
        if (request.Set is not null) check.Range("set", request.Set, 0, int.MaxValue);
        return check;
    }

    /// <summary>Null when the pieces do not allow it, or there is no such product.</summary>
    private static async Task<IResult?> ChangeAsync(
        NpgsqlConnection connection, string id, Request change, IdempotentRequest request, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Update, connection);
        command.With(
            Sql.Text(id), Sql.Whole(change.Change), Sql.Whole(change.Set), Sql.Text(request.Owner), Sql.Text(request.Key),
            Sql.Bytes(request.HasKey ? request.Fingerprint : []), Sql.Flag(request.HasKey));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel) ? new Reply(ProductTag.Of(rows.GetInt32(0), rows.GetInt32(1)), rows.GetString(2)) : null;
    }

    private static async Task<IResult> RefuseAsync(OrdersDbContext db, string id, Request request, CancellationToken cancel)
    {
        var stock = await db.Products.Where(p => p.Id == id).Select(p => (int?)p.Stock).SingleOrDefaultAsync(cancel);
        if (stock is null) return Products.NotFound(id);
        if (request.Change > 0) return Problems.Invalid(new FieldError("change", "would exceed the largest stock, 2147483647"));
        var reason = string.Create(CultureInfo.InvariantCulture, $"the stock is {stock}");
        return Problems.Of(ProblemTypes.OutOfStock, $"change: {reason}", new FieldError("change", reason));
    }

    /// <summary>A <see cref="StockReply"/> as the database wrote it, to be the same when it is repeated.</summary>
    private sealed class Reply(string tag, string body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.ETag = tag;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            return httpContext.Response.WriteAsync(body, Encoding.UTF8, httpContext.RequestAborted);
        }
    }
}
