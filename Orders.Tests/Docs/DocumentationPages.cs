using System.Net;
using System.Text.RegularExpressions;
using Orders.Tests.Support;

namespace Orders.Tests.Docs;

/// <summary>The pages for people: everything that they load is there, and their policy lets it run.</summary>
public sealed partial class DocumentationPages(OrdersApplication app) : ApplicationTests
{
    [Theory]
    [InlineData("/docs")]
    [InlineData("/order_docs")]
    public async Task Everything_that_the_page_loads_is_there_and_allowed(string address)
    {
        using var anybody = app.ApiWith(null);
        var reply = await anybody.GetAsync(address);
        await Shop.Expect(reply, HttpStatusCode.OK);
        var page = reply.RequestMessage!.RequestUri!;
        var policy = reply.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self'", policy, StringComparison.Ordinal);
        var html = await reply.Content.ReadAsStringAsync();
        // 'self' lets no script run that stands in the page itself.
        Assert.DoesNotMatch("<script(?![^>]*src=)", html);

        var loaded = Loads().Matches(html).Select(match => new Uri(page, match.Groups[1].Value)).ToList();
        Assert.Contains(loaded, uri => uri.AbsolutePath.EndsWith("swagger-ui-bundle.js", StringComparison.Ordinal));
        foreach (var uri in loaded)
        {
            Assert.Equal(page.Authority, uri.Authority);
            var file = await anybody.GetAsync(uri);
            await Shop.Expect(file, HttpStatusCode.OK);
            Assert.NotEmpty(await file.Content.ReadAsByteArrayAsync());
        }

        var start = await anybody.GetStringAsync(loaded.Single(uri => uri.AbsolutePath.EndsWith("/index.js", StringComparison.Ordinal)));
        Assert.Contains("/openapi/v1.json", start, StringComparison.Ordinal);
        await Shop.Ok(await anybody.GetAsync("/openapi/v1.json"));
    }

    [GeneratedRegex("<(?:script|link)[^>]*(?:src|href)=\"([^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Loads();
}
