using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>What a discount code can be refused for beyond its fields.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType CodeTaken = new(409, "code_taken", "The code is taken",
        "There is a discount code of this name. Nothing was changed.",
        "Replace its terms, or choose another code.",
        "code: there is a code 'SUMMER-10'", new FieldError("code", "is taken"));

    public static readonly ProblemType CodeUsedMore = new(409, "code_used_more", "The code was used more often",
        "More orders have used the code than it would be allowed now. Nothing was changed.",
        "Send a larger uses_max, or make the code inactive.",
        "uses_max: more orders than that have used the code", new FieldError("uses_max", "is less than its uses"));
}
