using System.Buffers;
using System.Globalization;
using System.Text;
using Orders.Api.Access;
using Orders.Api.Http;

namespace Orders.Api.Changes;

/// <summary>
/// <c>GET /v1/orders/changes</c>: every change of every order, in commit order and numbered without a gap. Go on with <c>after</c> =
/// <c>next_after</c>; with <c>wait</c> the reply comes when there is something.
/// </summary>
internal static class ReadChanges
{
    public const int WaitSecondsMax = 30;

    /// <summary>Seconds after which a place may be free.</summary>
    public const string RetryAfter = "2";

    public static async Task<IResult> Handle(
        HttpContext context, string? after, string? limit, string? wait, Caller caller, ChangeFeed feed, TimeProvider time,
        IHostApplicationLifetime lifetime, CancellationToken cancel)
    {
        var check = new Check();
        var from = ChangeQuery.PositionOf("after", after, check);
        var query = new ChangeQuery(
            from ?? 0, Paging.Limit(limit, check),
            ChangeQuery.TypesOf(context.Request.Query["types"], check), caller.CustomerId);
        var patience = Wait(wait, check);
        if (check.Failed) return check.Problem;

        var page = await feed.ReadAsync(query, cancel);
        if (from is not null && Refuse(from.Value, page) is { } refused) return refused;
        if (page.Items.Count > 0 || page.Next < page.Newest || patience == TimeSpan.Zero) return new ChangesReply(page);

        using var seat = feed.TryWait();
        if (seat is null) return Full(context);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        return new ChangesReply(await FollowAsync(query, page, feed, patience, time, until.Token));
    }

    /// <summary>Waits for the first change that is wanted; when there is none, the page says how far was looked.</summary>
    private static async Task<ChangePage> FollowAsync(
        ChangeQuery query, ChangePage page, ChangeFeed feed, TimeSpan patience, TimeProvider time, CancellationToken until)
    {
        var started = time.GetTimestamp();
        try
        {
            while (page.Items.Count == 0 && patience - time.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
            {
                if (page.Next >= page.Newest) await feed.Tail.WaitAsync(page.Next, left, time, until);
                page = await feed.FollowAsync(query with { After = page.Next }, until);
            }
        }
        catch (Exception nothing) when (nothing is TimeoutException or OperationCanceledException)
        {
            // Nothing came in time, or the process stops.
        }

        return page;
    }

    /// <summary>Positions that were never given out, or are gone.</summary>
    public static IResult? Refuse(long after, ChangePage page)
    {
        if (after > page.Newest)
        {
            var check = new Check();
            check.Fail("after", string.Create(CultureInfo.InvariantCulture, $"is beyond the newest position, {page.Newest}"));
            return check.Problem;
        }

        return after + 1 < page.Oldest
            ? Problems.Of(ProblemTypes.PositionGone, string.Create(CultureInfo.InvariantCulture,
                $"after: the oldest change that is kept has position {page.Oldest}"))
            : null;
    }

    public static IResult Full(HttpContext context)
    {
        context.Response.Headers.RetryAfter = RetryAfter;
        return Problems.Of(ProblemTypes.TooManyFollowers, "all places are taken; try again, or ask without waiting");
    }

    private static TimeSpan Wait(string? text, Check check)
    {
        if (text is null) return TimeSpan.Zero;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= WaitSecondsMax)
            return TimeSpan.FromSeconds(seconds);
        check.Fail("wait", $"must be a whole number of seconds from 0 to {WaitSecondsMax}");
        return TimeSpan.Zero;
    }
}

/// <summary>A page of changes as JSON, the stored bytes of each order as they are.</summary>
internal sealed class ChangesReply(ChangePage page) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var tag = new WeakTag().Add(page.Next).Add(page.Newest);
        foreach (var change in page.Items) tag.Add(change.Position);
        if (tag.IsKnown(httpContext)) return;
        var writer = httpContext.Response.BodyWriter;
        httpContext.Response.ContentType = EntityTags.Json;
        writer.Write("{\"items\":["u8);
        for (var i = 0; i < page.Items.Count; i++)
        {
            if (i > 0) writer.Write(","u8);
            writer.Write(page.Items[i].Json);
        }

        writer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"],\"next_after\":{page.Next},\"newest\":{page.Newest}}}")));
        await writer.FlushAsync(httpContext.RequestAborted);
    }
}
