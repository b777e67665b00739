using Orders.Api.Http;

namespace Orders.Api.SetAside;

/// <summary><c>GET /v1/admin/set-aside-events</c>: newest first, page by page, without the events themselves.</summary>
internal static class ListSetAside
{
    public static async Task<IResult> Handle(string? state, string? limit, string? cursor, SetAsideStore events, CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var before = Paging.Place(cursor, check);
        if (state is not null) check.OneOf("state", state, SetAsideEvent.States);
        if (check.Failed) return check.Problem;

        var rows = await events.ListAsync(state, before, size + 1, cancel);
        return TypedResults.Ok(rows.ToPage(size, row => Paging.Cursor(row.SetAsideAt, row.Id)));
    }
}

/// <summary><c>GET /v1/admin/set-aside-events/{id}</c>: everything, the event included.</summary>
internal static class GetSetAside
{
    public static async Task<IResult> Handle(string id, SetAsideStore events, CancellationToken cancel) =>
        id.Contains('\0', StringComparison.Ordinal) || await events.FindAsync(id, cancel) is not { } found
            ? SettleSetAside.NotFound(id)
            : TypedResults.Ok(found);
}
