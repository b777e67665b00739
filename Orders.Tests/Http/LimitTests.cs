using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orders.Api.Http;
using Orders.Tests.Support;
using Orders.Tests.Tidy;

namespace Orders.Tests.Http;

/// <summary>The limits of the server itself, on a server with narrow ones.</summary>
[Unit]
public sealed class LimitTests
{
    [Fact]
    public void Every_limit_is_documented_with_its_default_and_range()
    {
        var page = File.ReadAllText(Path.Combine(Sources.Root, "docs", "limits.md"));
        var defaults = new ApiOptions();
        Assert.All(typeof(ApiOptions).GetProperties(), option =>
        {
            var range = option.GetCustomAttribute<RangeAttribute>();
            Assert.NotNull(range);
            Assert.True(range.IsValid(option.GetValue(defaults)), option.Name);
            Assert.Matches(FormattableString.Invariant(
                $@"\| `{option.Name}` \| [a-z ]+ \| {option.GetValue(defaults)} \| {range.Minimum} to {range.Maximum} \|"), page);
        });
    }

    [Theory]
    [InlineData("PageSizeMax", "0")]
    [InlineData("PageSizeDefault", "201")]
    [InlineData("RequestTimeout", "1.00:00:00")]
    public async Task A_limit_that_makes_no_sense_keeps_the_api_from_starting(string option, string value)
    {
        await using var server = Build((option, value));
        await Assert.ThrowsAsync<OptionsValidationException>(() => server.StartAsync());
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_given_up_and_says_so()
    {
        await using var server = await StartAsync(("RequestTimeout", "00:00:01"));
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };

        var reply = await client.GetAsync("/wait");

        await Shop.Expect(reply, HttpStatusCode.GatewayTimeout);
        Assert.Equal("/problems/timed_out", await Problem.TypeAsync(reply));
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_refused_by_name()
    {
        await using var server = await StartAsync(("BytesPerSecondMin", "1000"), ("BytesGracePeriod", "00:00:02"));

        var reply = await TalkAsync(server, "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");

        Assert.StartsWith("HTTP/1.1 408 ", reply, StringComparison.Ordinal);
        Assert.Contains("/problems/request_too_slow", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_ends_too_early_is_refused_by_name()
    {
        await using var server = await StartAsync();
        var reply = await TalkAsync(server, "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", thenEnd: true);
        Assert.True(reply.Length == 0 || reply.Contains("/problems/bad_request", StringComparison.Ordinal), reply);
    }

    [Theory]
    [InlineData("RequestLineBytesMax", "1024", "GET /?q=$1500 HTTP/1.1\r\nHost: x\r\n\r\n", 414)]
    [InlineData("HeaderBytesMax", "4096", "GET / HTTP/1.1\r\nHost: x\r\nX-A: $5000\r\n\r\n", 431)]
    [InlineData("HeadersMax", "16", "GET / HTTP/1.1\r\nHost: x\r\n$headers\r\n", 431)]
    [InlineData("BodyBytesMax", "1000", "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n", 413)]
    [InlineData("HeadersTimeout", "00:00:01", "GET / HTTP/1.1\r\nHost:", 408)]
    public async Task Too_much_of_anything_is_refused(string option, string value, string request, int status)
    {
        await using var server = await StartAsync((option, value));
        var headers = string.Concat(Enumerable.Range(0, 17).Select(i => FormattableString.Invariant($"X-{i}: 1\r\n")));
        request = request.Replace("$1500", new string('a', 1500)).Replace("$5000", new string('a', 5000)).Replace("$headers", headers);

        var reply = await TalkAsync(server, request);

        Assert.StartsWith(FormattableString.Invariant($"HTTP/1.1 {status} "), reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_connection_too_many_is_closed()
    {
        await using var server = await StartAsync(("ConnectionsMax", "10"));
        var open = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 10; i++) open.Add(await ConnectAsync(server));
            foreach (var client in open)
            {
                await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
                Assert.True(await client.GetStream().ReadAsync(new byte[1]) == 1);
            }

            Assert.Equal("", await TalkAsync(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        }
        finally
        {
            open.ForEach(client => client.Dispose());
        }
    }

    private static async Task<WebApplication> StartAsync(params (string Option, string Value)[] options)
    {
        var server = Build(options);
        await server.StartAsync();
        return server;
    }

    /// <summary>The product's own HTTP surface, with endpoints that wait and read.</summary>
    private static WebApplication Build(params (string Option, string Value)[] options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(options.ToDictionary(o => $"{ApiOptions.Section}:{o.Option}", o => (string?)o.Value));
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Logging.ClearProviders();
        builder.AddApi();
        // The limits of the process are not this server's business.
        ApiLimits.Use(new ApiOptions());
        var app = builder.Build();
        app.UseApi();
        app.UseRouting();
        app.UseEndpoints(_ => { });
        app.MapGet("/wait", (CancellationToken cancel) => new TaskCompletionSource().Task.WaitAsync(cancel));
        app.MapPost("/read", (HttpRequest request, CancellationToken cancel) => request.Body.CopyToAsync(Stream.Null, cancel));
        return app;
    }

    private static async Task<TcpClient> ConnectAsync(WebApplication server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Urls.First()).Port);
        return client;
    }

    /// <summary>Sends these bytes and reads until the server closes, or has answered whole.</summary>
    private static async Task<string> TalkAsync(WebApplication server, string request, bool thenEnd = false)
    {
        using var client = await ConnectAsync(server);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), patience.Token);
        if (thenEnd) client.Client.Shutdown(SocketShutdown.Send);
        var reply = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, patience.Token) is > 0 and var read)
                reply.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Reset: what came before it counts.
        }

        return reply.ToString();
    }
}
