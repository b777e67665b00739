using Orders.Api.Http;

namespace Orders.Api.DeadLetters;

/// <summary><c>GET /v1/admin/dead-letters</c>: newest first, page by page, without the bytes.</summary>
internal static class ListDeadLetters
{
    public static async Task<IResult> Handle(
        string? topic, string? group, string? reason, string? state, string? from, string? to, string? limit, string? cursor,
        DeadLetterStore letters, CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var before = Paging.Place(cursor, check);
        var filter = new DeadLetterFilter(topic, group, reason, state, check.Instant("from", from), check.Instant("to", to));
        filter.Validate(check);
        if (check.Failed) return check.Problem;

        var rows = await letters.ListAsync(filter, before, size + 1, cancel);
        var page = rows.ToPage(size, row => Paging.Cursor(row.State.FailedAt, row.State.Id));
        return TypedResults.Ok(new Page<DeadLetterState>([.. page.Items.Select(row => row.State)], page.NextCursor));
    }
}

/// <summary><c>GET /v1/admin/dead-letters/{id}</c>: everything, the original bytes included.</summary>
internal static class GetDeadLetter
{
    public static async Task<IResult> Handle(string id, DeadLetterStore letters, CancellationToken cancel) =>
        id.Contains('\0', StringComparison.Ordinal) || await letters.FindAsync(id, cancel) is not { } row
            ? SettleDeadLetters.NotFound(id)
            : TypedResults.Ok(row.State);
}
