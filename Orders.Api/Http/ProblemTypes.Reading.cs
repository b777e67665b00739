using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>What reading can be refused for, beyond its parameters.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType ListTooSlow = new(503, "list_too_slow", "The list takes too long",
        "No index serves this combination of filter and sort, and going through the orders one by one took too long.",
        "Narrow the filter, e.g. with placed_from and placed_to, or sort by placed_at.",
        "given up after 5 s: narrow the filter, or sort by placed_at");

    public static readonly ProblemType PositionGone = new(410, "position_gone", "The position is no longer kept",
        "The change feed was trimmed: changes after this position are gone, so going on from it would miss some unnoticed.",
        "Read the orders anew, e.g. from the list or an export, and go on from the newest position.",
        "after: the oldest change that is kept has position 4711", new FieldError("after", "the oldest position is 4711"));

    public static readonly ProblemType TooManyFollowers = new(503, "too_many_followers", "Too many are waiting already",
        "This process holds as many waiting requests or streams as it may.",
        "Try again after the seconds in Retry-After, or read the changes without waiting.",
        "all places are taken; try again, or ask without waiting");
}
