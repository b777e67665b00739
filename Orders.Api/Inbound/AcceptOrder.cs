using System.Diagnostics;
using System.Text.Json;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Features.Placing;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Contracts;

namespace Orders.Api.Inbound;

/// <summary>
/// <c>POST /v1/orders</c> with <c>Prefer: respond-async</c>: the request is kept and done a moment later. 202 with the address where its
/// outcome can be asked for; what is wrong with the request's form is refused at once.
/// </summary>
internal sealed class AcceptOrder(OrderRequests requests, InboundSender sender, TimeProvider time)
{
    private const string IdPrefix = "req-";

    public static bool IsWanted(HttpRequest request) => request.Headers.GetCommaSeparatedValues("Prefer")
        .Any(preference => preference.AsSpan().Trim().Equals("respond-async", StringComparison.OrdinalIgnoreCase));

    public async Task<IResult> HandleAsync(OrderRequest order, Caller caller, IdempotentRequest request, CancellationToken cancel)
    {
        var check = order.Validate();
        if (check.Failed) return check.Problem;

        var now = time.GetUtcNow();
        var id = OrderIds.NewId(IdPrefix, now);
        var command = Command(id, order, now);
        if (!await requests.AddAsync(id, caller, request, command, now, cancel))
        {
            var earlier = await requests.FindAsync(caller.KeyId, request.Key, cancel);
            if (earlier is null || !earlier.Fingerprint.AsSpan().SequenceEqual(request.Fingerprint)) return new OrderError.KeyReused(
                ).ToProblem();
            return new Accepted(earlier.Id, Replayed: true);
        }

        // Not waited for: the row is there, and whoever sweeps open requests sends what did not get through.
        sender.Send(id, order.CustomerId!, command);
        return new Accepted(id, Replayed: false);
    }

    private static byte[] Command(string id, OrderRequest order, DateTimeOffset now) => JsonSerializer.SerializeToUtf8Bytes(
        new InboundCommand
        {
            Id = id,
            Source = InboundCommand.ApiSource,
            Type = InboundCommand.Place,
            Time = now,
            TraceParent = Activity.Current?.Id,
            Data = JsonSerializer.SerializeToElement(order, RequestJson.Options),
        }, OrdersJson.Default.InboundCommand);

    private sealed record Accepted(string Id, bool Replayed) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var location = "/v1/orders/requests/" + Id;
            httpContext.Response.Headers.Location = location;
            httpContext.Response.Headers["Preference-Applied"] = "respond-async";
            httpContext.Response.Headers.RetryAfter = "1";
            if (Replayed) httpContext.Response.Headers[EarlierReply.ReplayedHeader] = "true";
            return TypedResults.Accepted(location, new GetRequest.Reply(Id, AcceptedRequest.Accepted, null, null, null, null))
                .ExecuteAsync(httpContext);
        }
    }
}

/// <summary><c>GET /v1/orders/requests/{id}</c>: what became of a request that was answered with 202.</summary>
internal static class GetRequest
{
    /// <param name="Id">The request's id.</param>
    /// <param name="Status"><c>accepted</c>, <c>placed</c> or <c>refused</c>.</param>
    /// <param name="OrderId">The order, once it is placed.</param>
    /// <param name="Problem">Why it was refused: the problem detail that a waiting caller would have got.</param>
    /// <param name="CreatedAt">When it was accepted.</param>
    /// <param name="DoneAt">When it was placed or refused.</param>
    public sealed record Reply(
        string Id, string Status, string? OrderId, JsonElement? Problem, DateTimeOffset? CreatedAt, DateTimeOffset? DoneAt);

    public static async Task<IResult> Handle(
        string id, Caller caller, OrderRequests requests, HttpResponse response, CancellationToken cancel)
    {
        if (id.Contains('\0') || await requests.FindAsync(id, cancel) is not { } found || found.Owner != caller.KeyId)
            return new OrderError.NotFound("request", id).ToProblem();
        if (found.DoneAt is null) response.Headers.RetryAfter = "1";
        var problem = found.Problem is { } json ? JsonSerializer.Deserialize<JsonElement>(json) : (JsonElement?)null;
        return TypedResults.Ok(new Reply(found.Id, found.Status, found.OrderId, problem, found.CreatedAt, found.DoneAt));
    }
}
