using System.ComponentModel.DataAnnotations;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.SetAside;

/// <summary>
/// <c>POST /v1/admin/set-aside-events/{id}/retry</c>: the event goes to Kafka once more, behind all that is on its way. One that Kafka
/// refuses again is open again.
/// </summary>
internal static class RetrySetAside
{
    public static async Task<IResult> Handle(
        string id, Caller caller, SetAsideStore events, TimeProvider time, CancellationToken cancel) =>
        await SettleSetAside.SettleAsync(
            id, SetAsideEvent.Retried, events, () => events.RetryAsync(id, caller.KeyId, time.GetUtcNow(), cancel), cancel)
            is { Event: { } settled } outcome
            ? outcome.Problem ?? TypedResults.Accepted("/v1/admin/set-aside-events/" + settled.Id, settled)
            : SettleSetAside.NotFound(id);
}

/// <summary><c>POST /v1/admin/set-aside-events/{id}/discard</c>: it is never published. One that is discarded answers the same.</summary>
internal static class DiscardSetAside
{
    /// <param name="Note">Why, at most 500 characters.</param>
    public sealed record Body([StringLength(500, MinimumLength = 1)] string? Note);

    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<Body> body, Caller caller, SetAsideStore events, TimeProvider time, CancellationToken cancel)
    {
        var note = body.Value?.Note;
        var check = new Check();
        if (note is not null) check.Text("note", note, max: 500);
        if (check.Failed) return check.Problem;
        return await SettleSetAside.SettleAsync(
            id, SetAsideEvent.Discarded, events, () => events.DiscardAsync(id, caller.KeyId, note, time.GetUtcNow(), cancel), cancel)
            is { Event: { } settled } outcome
            ? outcome.Problem ?? TypedResults.Ok(settled)
            : SettleSetAside.NotFound(id);
    }
}

internal static class SettleSetAside
{
    public static IResult NotFound(string id) => new OrderError.NotFound("event set aside", id).ToProblem();

    /// <summary>The event as it is now, without its body, and the reason when it is not as wanted; no event when there is none.</summary>
    public static async Task<(SetAsideEvent? Event, IResult? Problem)> SettleAsync(
        string id, string state, SetAsideStore events, Func<Task> settle, CancellationToken cancel)
    {
        if (id.Contains('\0', StringComparison.Ordinal) || await events.FindAsync(id, cancel) is null) return default;
        await settle();
        if (await events.FindAsync(id, cancel) is not { } found) return default;
        // A retried one may be open again by now: Kafka refused it a second time.
        var isDone = found.State == state || (found.State == SetAsideEvent.Open && state == SetAsideEvent.Retried);
        return (found with { Event = null }, isDone
            ? null
            : Problems.Of(ProblemTypes.SetAsideSettled, $"event '{id}' was {found.State} already"));
    }
}
