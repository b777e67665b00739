using System.Security.Cryptography;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Orders.Api.Docs;

/// <summary>The document as bytes: made once, at the first request, and served from memory with an ETag.</summary>
internal sealed class OpenApiFile
{
    public const string Name = "v1";
    public const string Address = "/openapi/v1.json";

    private readonly Lazy<Task<(byte[] Json, EntityTagHeaderValue ETag)>> _file;

    public OpenApiFile([FromKeyedServices(Name)] IOpenApiDocumentProvider documents) => _file = new(() => WriteAsync(documents));

    public static async Task<IResult> Handle(OpenApiFile file)
    {
        var (json, etag) = await file._file.Value;
        return TypedResults.Bytes(json, "application/json", entityTag: etag);
    }

    private static async Task<(byte[], EntityTagHeaderValue)> WriteAsync(IOpenApiDocumentProvider documents)
    {
        var document = await documents.GetOpenApiDocumentAsync();
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        var json = stream.ToArray();
        return (json, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 8))}\""));
    }
}
