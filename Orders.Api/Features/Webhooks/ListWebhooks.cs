using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Webhooks;

/// <summary><c>GET /v1/webhooks</c>: the caller's subscriptions, oldest first, page by page.</summary>
internal static class ListWebhooks
{
    public static async Task<IResult> Handle(
        OrdersDbContext db, Caller caller, TimeProvider time, string? limit, string? cursor, CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var after = Paging.Parts(cursor, 1, check);
        if (check.Failed) return check.Problem;

        var query = db.Webhooks.AsNoTracking().VisibleTo(caller);
        if (after is [var last]) query = query.Where(w => string.Compare(w.Id, last) > 0);
        var rows = await query.OrderBy(w => w.Id).Take(size + 1).ToListAsync(cancel);
        var page = rows.ToPage(size, webhook => Paging.Cursor(webhook.Id));
        var now = time.GetUtcNow();
        return TypedResults.Ok(new Page<WebhookState>([.. page.Items.Select(w => WebhookState.Of(w, now))], page.NextCursor));
    }
}
