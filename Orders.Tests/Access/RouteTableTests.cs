using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Orders.Api.Access;
using Orders.Tests.Docs;

namespace Orders.Tests.Access;

[Unit]
public sealed class RouteTableTests
{
    /// <summary>The documentation, which has pages and no data.</summary>
    private static readonly string[] Pages = ["/openapi", "/docs", "/order_docs", "/problems"];

    [Fact]
    public async Task Every_route_that_is_mapped_is_in_the_table_with_what_it_asks_for()
    {
        var mapped = (await ApiInProcess.Get()).Endpoints.SelectMany(Rules)
            .Where(rule => !IsPage(rule))
            .Select(Describe).ToList();
        var table = RouteTable.All.Where(rule => !IsPage(rule)).Select(Describe).ToList();

        Assert.NotEmpty(mapped);
        Assert.True(
            mapped.ToHashSet(StringComparer.Ordinal).SetEquals(table),
            $"""
            mapped and not in RouteTable.cs so: {string.Join("; ", mapped.Except(table))}
            in RouteTable.cs and not mapped so: {string.Join("; ", table.Except(mapped))}
            """);
    }

    private static bool IsPage(RouteRule rule) => Pages.Any(page => rule.Path.StartsWith(page, StringComparison.Ordinal));

    private static IEnumerable<RouteRule> Rules(RouteEndpoint endpoint)
    {
        var open = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        var required = endpoint.Metadata.GetMetadata<RequiredScope>() ?? new RequiredScope(Scopes.Admin);
        var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
        return (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            .Select(method => new RouteRule(method, path, open ? null : required.Scope)
            {
                Anonymous = open, Unbound = required.Unbound, Bound = required.Bound,
            });
    }

    private static string Describe(RouteRule rule) =>
        $"{rule}: {rule.Scope ?? "any key"}, open {rule.Anonymous}, unbound {rule.Unbound}, bound {rule.Bound}";
}
