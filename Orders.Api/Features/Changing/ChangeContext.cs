using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Idempotency;

namespace Orders.Api.Features.Changing;

/// <summary>What every change of an order comes with: who asks, the idempotency key, and the version it was decided on.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Request">The request's idempotency key, if any.</param>
/// <param name="Versions">Versions named by <c>If-Match</c>; null when there is none, or it is <c>*</c>.</param>
internal sealed record ChangeContext(Caller Caller, IdempotentRequest Request, IReadOnlyList<int>? Versions)
    : IEndpointParameterMetadataProvider
{
    private const int TagsMax = 20;

    public static async ValueTask<ChangeContext?> BindAsync(HttpContext context, ParameterInfo parameter) => new(
        (await Caller.BindAsync(context, parameter))!,
        (await IdempotentRequest.BindAsync(context, parameter))!,
        Parse(context.Request.Headers.IfMatch.ToString()));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        IdempotentRequest.PopulateMetadata(parameter, builder);
        var doc = EndpointDoc.Of(builder);
        doc.Parameters.Add(new ParameterDoc(ParameterLocation.Header, "If-Match", Values.Text(1024),
            "ETags of the versions that the change may be made on, or `*`. Another version is answered 412.", "*"));
        doc.Refusals.AddRange(
            [ProblemTypes.NotFound, ProblemTypes.VersionMismatch, ProblemTypes.Contended, ProblemTypes.OutcomeUnknown]);
    }

    /// <summary>False when the caller decided on another version.</summary>
    public bool Accepts(int version) => Versions is null || Versions.Contains(version);

    private static List<int>? Parse(string header)
    {
        if (header.Length == 0 || header.Trim() == "*") return null;
        var tags = header.Split(',', TagsMax + 1, StringSplitOptions.TrimEntries);
        var versions = tags.Select(Version).ToList();
        // A tag of another form was never ours, and so cannot be the order's: that is a mistake, not a lost race.
        if (tags.Length <= TagsMax && !versions.Contains(null)) return versions.ConvertAll(version => version!.Value);
        throw new BadRequestException(ProblemTypes.InvalidRequest,
            new FieldError("If-Match", "must be ETags of orders, such as \"v1\", or *"));
    }

    private static int? Version(string tag) =>
        tag.Length > 3 && tag.StartsWith("\"v", StringComparison.Ordinal) && tag[^1] == '"'
        && int.TryParse(tag.AsSpan(2, tag.Length - 3), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
}
