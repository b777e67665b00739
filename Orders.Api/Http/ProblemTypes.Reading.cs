namespace Orders.Api.Http;

/// <summary>What reading can be refused for, beyond its parameters.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType ListTooSlow = new(503, "list_too_slow", "The list takes too long",
        "No index serves this combination of filter and sort, and going through the orders one by one took too long.",
        "Narrow the filter, e.g. with placed_from and placed_to, or sort by placed_at.",
        "given up after 5 s: narrow the filter, or sort by placed_at");
}
