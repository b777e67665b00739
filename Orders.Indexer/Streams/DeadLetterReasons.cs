namespace Orders.Indexer.Streams;

/// <summary>The codes in <see cref="Orders.Contracts.DeadLetter.Reason"/> that this process writes. Stable: people filter
/// by them.</summary>
internal static class DeadLetterReasons
{
    /// <summary>The record has no value at all.</summary>
    public const string EmptyValue = "empty_value";

    /// <summary>Not JSON, or not UTF-8.</summary>
    public const string MalformedJson = "malformed_json";

    /// <summary>JSON, but a field without which the order cannot be shown is absent.</summary>
    public const string MissingField = "missing_field";

    /// <summary>JSON, but a field has the wrong type or an impossible value.</summary>
    public const string InvalidField = "invalid_field";

    /// <summary>Meilisearch refuses the document whatever is done.</summary>
    public const string RejectedBySearch = "rejected_by_search";
}
