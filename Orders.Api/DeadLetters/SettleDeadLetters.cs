using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.DeadLetters;

/// <summary>
/// <c>POST /v1/admin/dead-letters/{id}/retry</c>: the record is sent again to its topic. The mark is durable when this answers; the
/// sending follows. One that is retried already answers the same.
/// </summary>
internal static class RetryDeadLetter
{
    public static async Task<IResult> Handle(
        string id, Caller caller, DeadLetterStore letters, TimeProvider time, CancellationToken cancel) =>
        await SettleDeadLetters.SettleAsync(id, DeadLetterRow.Retried, null, caller, letters, time, cancel) is { Row: { } row } settled
            ? settled.Problem ?? TypedResults.Accepted("/v1/admin/dead-letters/" + row.State.Id, row.State)
            : SettleDeadLetters.NotFound(id);
}

/// <summary><c>POST /v1/admin/dead-letters/{id}/discard</c>: nothing more is to be done. One that is discarded answers the same.</summary>
internal static class DiscardDeadLetter
{
    /// <param name="Note">Why, at most 500 characters.</param>
    public sealed record Body([StringLength(500, MinimumLength = 1)] string? Note);

    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<Body> body, Caller caller, DeadLetterStore letters, TimeProvider time, CancellationToken cancel)
    {
        var check = new Check();
        if (body.Value?.Note is { } note) check.Text("note", note, max: 500);
        if (check.Failed) return check.Problem;
        return await SettleDeadLetters.SettleAsync(id, DeadLetterRow.Discarded, body.Value?.Note, caller, letters, time, cancel)
            is { Row: { } row } settled
                ? settled.Problem ?? TypedResults.Ok(row.State)
                : SettleDeadLetters.NotFound(id);
    }
}

/// <summary>
/// <c>POST /v1/admin/dead-letters/retry</c>: as for one, for the oldest open ones that the body names, up to a limit; call it again while
/// <c>remaining</c> is not 0.
/// </summary>
internal static class RetryDeadLetters
{
    /// <param name="Topic">The topic of the record that could not be used.</param>
    /// <param name="Group">The consumer group that gave up.</param>
    /// <param name="Reason">The code of the reason.</param>
    /// <param name="From">Given up at or after that instant.</param>
    /// <param name="To">Given up before that instant.</param>
    public sealed record Body(
        [StringLength(200, MinimumLength = 1)] string? Topic, [StringLength(200, MinimumLength = 1)] string? Group,
        [StringLength(100, MinimumLength = 1)] string? Reason, DateTimeOffset? From, DateTimeOffset? To);

    /// <param name="Retried">How many are sent again.</param>
    /// <param name="Remaining">How many open ones are left that the same body names.</param>
    public sealed record Reply(int Retried, long Remaining);

    public static async Task<IResult> Handle(
        JsonBody<Body> body, Caller caller, DeadLetterStore letters, IOptions<DeadLetterOptions> options, TimeProvider time,
        CancellationToken cancel)
    {
        var (topic, group, reason, from, to) = body.Value;
        var filter = new DeadLetterFilter(topic, group, reason, null, from, to);
        var check = new Check();
        filter.Validate(check);
        if (check.Failed) return check.Problem;
        var (retried, remaining) = await letters.RetryAsync(filter, caller.KeyId, options.Value.RetryMax, time.GetUtcNow(), cancel);
        return TypedResults.Accepted("/v1/admin/dead-letters?state=retried", new Reply(retried, remaining));
    }
}

internal static class SettleDeadLetters
{
    public static IResult NotFound(string id) => new OrderError.NotFound("dead letter", id).ToProblem();

    /// <summary>The letter as it is now, with the reason when it is not as wanted; no row when there is none.</summary>
    public static async Task<(DeadLetterRow? Row, IResult? Problem)> SettleAsync(
        string id, string state, string? note, Caller caller, DeadLetterStore letters, TimeProvider time, CancellationToken cancel)
    {
        if (id.Contains('\0', StringComparison.Ordinal)) return default;
        await letters.SettleAsync(id, state, caller.KeyId, note, time.GetUtcNow(), cancel);
        if (await letters.FindAsync(id, cancel) is not { } row) return default;
        if (row.State.State == state) return (row, null);
        return (row, row.State.State == DeadLetterRow.Open
            ? Problems.Of(ProblemTypes.NotRetriable,
                $"dead letter '{id}' cannot be sent again: its record is gone, or its topic is not one of ours")
            : Problems.Of(ProblemTypes.DeadLetterSettled, $"dead letter '{id}' was {row.State.State} already"));
    }
}
