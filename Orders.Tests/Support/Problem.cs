using System.Text.Json;

namespace Orders.Tests.Support;

/// <summary>What a problem detail says.</summary>
internal static class Problem
{
    public static async Task<string?> TypeAsync(HttpResponseMessage reply) => (await ReadAsync(reply)).GetProperty("type").GetString();

    /// <summary>The fields that the problem names.</summary>
    public static async Task<List<string>> FieldsAsync(HttpResponseMessage reply)
    {
        var problem = await ReadAsync(reply);
        return problem.TryGetProperty("errors", out var errors)
            ? [.. errors.EnumerateArray().Select(error => error.GetProperty("field").GetString()!)]
            : [];
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage reply)
    {
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType?.MediaType);
        return JsonSerializer.Deserialize<JsonElement>(await reply.Content.ReadAsStringAsync());
    }
}
