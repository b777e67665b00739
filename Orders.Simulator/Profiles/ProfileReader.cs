using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Orders.Simulator.Files;

namespace Orders.Simulator.Profiles;

/// <summary>A profile cannot be used; the message has a line for each reason.</summary>
internal sealed class ProfileException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems => problems;
}

/// <summary>
/// Profiles as JSON; comments and a comma behind the last element are allowed. What a file does not name has its default. A name
/// that nothing has is an error and not a default in disguise.
/// </summary>
internal static class ProfileReader
{
    private static readonly JsonDocumentOptions Lenient =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        IndentSize = 2,
        Encoder = Contracts.OrdersJson.Encoder,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static Profile Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            var problems = new List<string>();
            FindUnknown(document.RootElement, Json.GetTypeInfo(typeof(Profile)), "", problems);
            if (problems.Count > 0) throw new ProfileException(problems);
            var profile = document.RootElement.Deserialize<Profile>(Json) ?? throw new ProfileException(["is null"]);
            problems.AddRange(ProfileCheck.Problems(profile));
            return problems.Count == 0 ? profile : throw new ProfileException(problems);
        }
        catch (InvalidOperationException)
        {
            throw new ProfileException(["has half of a surrogate pair in a text"]);
        }
        catch (JsonException error) when (error.LineNumber is { } line && error.Path is null)
        {
            throw new ProfileException([FormattableString.Invariant($"line {line + 1}: ") + error.Message.Split(" LineNumber:")[0]]);
        }
        catch (JsonException error)
        {
            var key = error.Path?.TrimStart('$', '.');
            throw new ProfileException([$"{key}: has the wrong type of value: {error.Message.Split(" Path:")[0]}"]);
        }
    }

    public static string Write(Profile profile) => JsonSerializer.Serialize(profile, Json);

    private static void FindUnknown(JsonElement json, JsonTypeInfo type, string path, List<string> problems)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when json.ValueKind == JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    var known = type.Properties.FirstOrDefault(property => property.Name == member.Name);
                    if (known is not null)
                        FindUnknown(member.Value, Json.GetTypeInfo(known.PropertyType), path + member.Name + ".", problems);
                    else
                        problems.Add($"{path}{member.Name}: there is no such key"
                            + Nearest.Hint(member.Name, type.Properties.Select(property => property.Name)));
                }

                break;
            case JsonTypeInfoKind.Dictionary when json.ValueKind == JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                    FindUnknown(member.Value, Json.GetTypeInfo(type.ElementType!), path + member.Name + ".", problems);
                break;
            case JsonTypeInfoKind.Enumerable when json.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var element in json.EnumerateArray())
                {
                    var at = FormattableString.Invariant($"{path.TrimEnd('.')}[{index++}].");
                    FindUnknown(element, Json.GetTypeInfo(type.ElementType!), at, problems);
                }

                break;
            default:
                break;
        }
    }
}
