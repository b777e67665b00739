using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Idempotency;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary>
/// Creating one row over HTTP. Invariant: row and idempotency key are written by one transaction; of requests with the same key one
/// creates and the others give its reply.
/// </summary>
internal sealed class NewRows(OrdersDbContext db, IOptions<JsonOptions> json)
{
    /// <param name="row">The row, which is also the reply.</param>
    /// <param name="location">Where it will be read.</param>
    /// <param name="tag">Its entity tag, if it has one.</param>
    /// <param name="primaryKey">The name of the table's primary key.</param>
    /// <param name="request">Its idempotency key goes along.</param>
    /// <param name="refusal">The reply when a constraint says no; null when that is not expected.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IResult> CreateAsync<T>(
        T row, string location, string? tag, string primaryKey, IdempotentRequest request, Func<string?, IResult?> refusal,
        CancellationToken cancel)
        where T : class
    {
        if (await EarlierReply.FindAsync(db, request, cancel) is { } earlier) return earlier;
        var body = JsonSerializer.Serialize(row, json.Value.SerializerOptions);
        try
        {
            var key = request.HasKey ? request.Remember(StatusCodes.Status201Created, location, body, tag) : null;
            await StoreAsync(row, key, primaryKey, cancel);
            return new Created(body, location, tag);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException)
        {
            // The row that is in the way may be that of a request with the same key, which came first while this one tried.
            db.ChangeTracker.Clear();
            if (await EarlierReply.FindAsync(db, request, cancel) is { } first) return first;
            if (refusal(((PostgresException)error.InnerException).ConstraintName) is { } reply) return reply;
            throw;
        }
    }

    private Task StoreAsync<T>(T row, IdempotencyRow? key, string primaryKey, CancellationToken cancel)
        where T : class
    {
        var attempt = 0;
        return db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            attempt++;
            db.ChangeTracker.Clear();
            db.Add(row);
            if (key is not null) db.Add(key);
            try
            {
                await db.SaveChangesAsync(token);
            }
            catch (DbUpdateException error) when (attempt > 1 && key is null && error.ViolatedConstraint() == primaryKey)
            {
                // The second attempt meets the row of the first one, whose reply was lost.
            }
        }, cancel);
    }

    private sealed class Created(string body, string location, string? tag) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            var bytes = Encoding.UTF8.GetBytes(body);
            response.StatusCode = StatusCodes.Status201Created;
            response.Headers.Location = location;
            if (tag is not null) response.Headers.ETag = tag;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = bytes.Length;
            return response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
        }
    }
}
