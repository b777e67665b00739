using Orders.Api.Access;
using Orders.Api.Http;

namespace Orders.Api.Changes;

/// <summary>
/// <c>GET /v1/orders/stream</c>: the change feed as server-sent events, for live pages. It goes on after <c>Last-Event-ID</c> or
/// <c>after</c>, otherwise from now on. A connection has no queue: who reads slowly is held back by the connection itself and later caught
/// up from the table.
/// </summary>
internal static class StreamChanges
{
    /// <summary>Changes read at once for one stream.</summary>
    private const int PageSize = 50;

    public static async Task<IResult> Handle(
        HttpContext context, string? after, Caller caller, ChangeFeed feed, CancellationToken cancel)
    {
        var check = new Check();
        var last = context.Request.Headers["Last-Event-ID"];
        var types = ChangeQuery.TypesOf(context.Request.Query["types"], check);
        var begin = ChangeQuery.PositionOf("after", after, check);
        // A browser that comes back repeats the address that it began with.
        var from = last.Count > 0 ? ChangeQuery.PositionOf("Last-Event-ID", last[0], check) : begin;
        if (check.Failed) return check.Problem;

        var page = await feed.ReadAsync(new ChangeQuery(from ?? 0, 1, types, caller.CustomerId), cancel);
        if (from is not null && ReadChanges.Refuse(from.Value, page) is { } refused) return refused;
        return feed.TryStream() is { } seat
            ? new ChangeStream(new ChangeQuery(from ?? page.Newest, PageSize, types, caller.CustomerId), seat)
            : ReadChanges.Full(context);
    }
}
