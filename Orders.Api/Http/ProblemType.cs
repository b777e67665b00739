using System.Collections.Frozen;
using System.Reflection;
using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>
/// One kind of refusal. Its <see cref="Uri"/> is the problem's <c>type</c>: stable, never used for anything else, and a page that
/// explains it.
/// </summary>
/// <param name="Status">The HTTP status it is answered with.</param>
/// <param name="Code">snake_case; the last part of the type's address.</param>
/// <param name="Title">The same words every time.</param>
/// <param name="Meaning">What has happened, and whether anything was changed.</param>
/// <param name="Remedy">What the caller can do about it.</param>
/// <param name="ExampleDetail">What <c>detail</c> says in the example.</param>
/// <param name="ExampleField">The field that the example names, where one is named.</param>
internal sealed record ProblemType(
    int Status, string Code, string Title, string Meaning, string Remedy, string ExampleDetail, FieldError? ExampleField = null)
{
    public string Uri => ProblemTypes.Path + Code;
}

/// <summary>
/// The catalogue: every problem that the API answers, each a static field, in the file of its area (<c>ProblemTypes.*.cs</c>).
/// What stands here has a page at <c>/problems/{code}</c> and can be named by <c>Refuses(...)</c>; there is no other way to answer one.
/// </summary>
internal static partial class ProblemTypes
{
    public const string Path = "/problems/";

    private static readonly Lazy<FrozenDictionary<string, ProblemType>> Catalogue = new(() =>
        typeof(ProblemTypes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null)).OfType<ProblemType>()
            .ToFrozenDictionary(type => type.Code, StringComparer.Ordinal));

    /// <summary>All of them, by status and code.</summary>
    public static IEnumerable<ProblemType> All =>
        Catalogue.Value.Values.OrderBy(type => type.Status).ThenBy(type => type.Code, StringComparer.Ordinal);

    public static ProblemType? Find(string code) => Catalogue.Value.GetValueOrDefault(code);

    /// <summary>The problem that stands for a status which no handler of ours has answered, e.g. a route that does not exist.</summary>
    public static ProblemType? ForStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => BadRequest,
        StatusCodes.Status404NotFound => NoSuchRoute,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status408RequestTimeout => RequestTooSlow,
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => WrongContentType,
        StatusCodes.Status500InternalServerError => InternalError,
        StatusCodes.Status504GatewayTimeout => TimedOut,
        _ => null,
    };
}
