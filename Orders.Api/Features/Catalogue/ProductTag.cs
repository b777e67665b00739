using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.Catalogue;

/// <summary>
/// The entity tag of a product: <c>"version.stock"</c>. It changes with everything that a reader sees, and still tells an editor's
/// changes from those of the stock.
/// </summary>
internal static class ProductTag
{
    public static string Of(Product product) => Of(product.Version, product.Stock);

    public static string Of(int version, int stock) => string.Create(CultureInfo.InvariantCulture, $"\"{version}.{stock}\"");

    /// <summary>True when the caller of a read has the product as it is.</summary>
    public static bool IsKnown(HttpRequest request, string tag) =>
        request.Headers.IfNoneMatch is { Count: > 0 } sent
        && EntityTagHeaderValue.TryParseList(sent, out var tags)
        && tags.Any(known => known.Equals(EntityTagHeaderValue.Any)
            || known.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false));
}

/// <summary>
/// A write's <c>If-Match</c>. Orders take stock all day long; a change that leaves the stock alone is therefore not refused because of
/// them: of the tag only the version counts then. One that sets the stock has to have seen it.
/// </summary>
internal sealed class ProductCondition : IEndpointParameterMetadataProvider
{
    private readonly IList<EntityTagHeaderValue>? _tags;

    private ProductCondition(IList<EntityTagHeaderValue>? tags) => _tags = tags;

    public static ValueTask<ProductCondition?> BindAsync(HttpContext context, ParameterInfo _)
    {
        var sent = context.Request.Headers.IfMatch;
        if (sent.Count == 0) return ValueTask.FromResult<ProductCondition?>(new ProductCondition(null));
        if (EntityTagHeaderValue.TryParseStrictList(sent, out var tags))
            return ValueTask.FromResult<ProductCondition?>(new ProductCondition(tags));
        // Passing over what cannot be read would make the write unconditional.
        throw new BadRequestException(ProblemTypes.InvalidRequest, new FieldError("If-Match", "must be * or entity tags"));
    }

    public bool Holds(Product product, bool setsStock)
    {
        if (_tags is null) return true;
        var whole = ProductTag.Of(product);
        var version = whole[..(whole.IndexOf('.', StringComparison.Ordinal) + 1)];
        return _tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any)
            || (!tag.IsWeak && (tag.Tag == whole || (!setsStock && tag.Tag.StartsWith(version, StringComparison.Ordinal)))));
    }

    public static IResult Failed(Product product) => Problems.Of(
        ProblemTypes.ProductChanged, $"If-Match: the product is at {ProductTag.Of(product)}; read it again",
        new FieldError("If-Match", $"the product is at {ProductTag.Of(product)}"));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        var doc = EndpointDoc.Of(builder);
        doc.Parameters.Add(new ParameterDoc(ParameterLocation.Header, "If-Match", Values.Text(1024),
            "ETags of the product that the change may be made on, or `*`. Pieces that orders took since do not matter, unless the "
            + "request sets the stock.", "\"1.10\""));
        doc.Refusals.Add(ProblemTypes.ProductChanged);
    }
}

/// <summary>A product as a reply, with its tag; 304 when the reader has it already.</summary>
internal sealed class ProductReply(Product product) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var tag = ProductTag.Of(product);
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "no-cache";
        if (HttpMethods.IsGet(httpContext.Request.Method) && ProductTag.IsKnown(httpContext.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return response.WriteAsJsonAsync(product, httpContext.RequestAborted);
    }
}
