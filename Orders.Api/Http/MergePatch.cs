using System.Net.Mime;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Orders.Api.Docs;
using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>
/// A JSON merge patch (RFC 7396) of a flat record: what is named is replaced, what is null is removed, everything else stays. Reading is
/// as strict as <see cref="JsonBody{T}"/>: unknown, repeated and wrongly typed members are refused by name.
/// </summary>
/// <typeparam name="TPatch">How the documentation shows it: the record with nothing required.</typeparam>
internal sealed class MergePatch<TPatch> : IEndpointParameterMetadataProvider
{
    private const string ContentType = "application/merge-patch+json";

    private readonly Dictionary<string, JsonElement> _members;

    private MergePatch(Dictionary<string, JsonElement> members) => _members = members;

    public static async ValueTask<MergePatch<TPatch>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasText(ContentType) && !context.Request.HasText(MediaTypeNames.Application.Json))
        {
            throw new BadRequestException(
                ProblemTypes.WrongContentType, new FieldError("Content-Type", $"must be {ContentType} or application/json"));
        }

        try
        {
            var patch = Read(await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, Tolerant, context.RequestAborted));
            foreach (var text in patch._members.Values.Where(value => value.ValueKind == JsonValueKind.String))
                text.GetString();
            return patch;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are no UTF-8.
            throw Malformed("body", "holds text that is not Unicode");
        }
        catch (JsonException error)
        {
            throw Malformed(RequestJson.FieldName(error.Path), RequestJson.Reason(error));
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        EndpointDoc.Of(builder).Body = new BodyDoc(typeof(TPatch), ContentType, Also: MediaTypeNames.Application.Json);

    public bool Names(string field) => _members.ContainsKey(field);

    /// <summary>The record as it will be, or null with the reasons in <paramref name="check"/>. It still has to be validated.</summary>
    /// <param name="current">The record as it is.</param>
    /// <param name="removable">The fields that may be null.</param>
    /// <param name="check">Collects what is wrong.</param>
    public T? Apply<T>(T current, IReadOnlyCollection<string> removable, Check check)
        where T : class
    {
        // Absent fields stand in it as null, so it names every field that there is.
        var merged = JsonSerializer.SerializeToNode(current, RequestJson.Options)!.AsObject();
        foreach (var (name, value) in _members)
        {
            if (!merged.ContainsKey(name)) check.Fail(name, "is not a known field");
            else if (value.ValueKind != JsonValueKind.Null) merged[name] = JsonSerializer.SerializeToNode(value);
            else if (removable.Contains(name)) merged[name] = null;
            else check.Fail(name, "must not be null");
        }

        if (check.Failed) return null;
        try
        {
            return merged.Deserialize<T>(RequestJson.Options);
        }
        catch (JsonException error)
        {
            check.Fail(RequestJson.FieldName(error.Path), RequestJson.Reason(error));
            return null;
        }
    }

    /// <summary>Repeated members pass here, so that they can be named below.</summary>
    private static readonly JsonSerializerOptions Tolerant = new() { MaxDepth = RequestJson.Options.MaxDepth };

    private static MergePatch<TPatch> Read(JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object) throw Malformed("body", "must be an object");
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Name.Length == 0) throw Malformed("body", "has a member without a name");
            if (!members.TryAdd(member.Name, member.Value)) throw Malformed(member.Name, "stands more than once");
        }

        return new MergePatch<TPatch>(members);
    }

    private static BadRequestException Malformed(string field, string reason) =>
        new(ProblemTypes.MalformedJson, new FieldError(field, reason));
}
