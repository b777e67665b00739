namespace Orders.Api.Docs;

/// <summary>Section <c>Orders:Docs</c>.</summary>
internal sealed class DocsOptions
{
    public const string Section = "Orders:Docs";

    /// <summary>
    /// Serves <c>/openapi/v1.json</c>, <c>/docs</c> and <c>/order_docs</c>. Default true. The pages under <c>/problems</c> stay: replies
    /// point to them.
    /// </summary>
    public bool Enabled { get; set; } = true;
}
