using System.Text.Json.Nodes;
using Orders.Tests.Robustness;
using Orders.Tests.Support;

namespace Orders.Tests.Docs;

/// <summary>What the documentation shows works on the running application, and is answered as it says.</summary>
public sealed class Contract(OrdersApplication app) : ApplicationTests
{
    [StormFact]
    public async Task Every_example_works_and_is_answered_as_documented()
    {
        var document = new ApiDocument(JsonNode.Parse(await app.Api.GetStringAsync("/openapi/v1.json"))!.AsObject());
        using var world = await World.OpenAsync(app);
        await world.Shop.FoundAsync(await world.OrderAsync("placed"));
        var wrong = new List<string>();
        foreach (var (operation, form) in document.Operations.SelectMany(Forms))
        {
            using var connection = new RawConnection(app.Api.BaseAddress!);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var ids = await world.PrepareAsync(operation);
            // An entity tag of an example is not the tag of the row that takes its place.
            var request = RequestBuilder.Build(operation, ids, world.Token,
                parameter => parameter.ContainsKey("example") && (string?)parameter["name"] != "If-Match", form);
            // The reply itself is wanted, not that it has not changed.
            request.Set("If-None-Match", null);

            var reply = await connection.SendAsync(request.ToBytes("api"), thenEnd: false, patience.Token);

            if (reply.Status is < 200 or > 299) wrong.Add($"{operation}: {reply.Status} {reply.Text}\n{request}");
            else if (Verdict.Of(document, request, reply) is { } reason) wrong.Add($"{operation}: {reason}\n{request}");
        }

        await UnsubscribeAsync();
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    /// <summary>The examples' subscriptions would hear of every order from now on, at an address where nothing listens.</summary>
    private async Task UnsubscribeAsync()
    {
        var page = JsonNode.Parse(await app.Api.GetStringAsync("/v1/webhooks"))!;
        foreach (var webhook in page["items"]!.AsArray()) await Shop.Ok(await app.Api.DeleteAsync($"/v1/webhooks/{webhook!["id"]}"));
    }

    /// <summary>The operation with each of the bodies that it takes.</summary>
    private static IEnumerable<(ApiOperation Operation, int Form)> Forms(ApiOperation operation) =>
        Enumerable.Range(0, Math.Max(1, operation.Bodies.Count)).Select(form => (operation, form));

    [Fact]
    public async Task The_running_application_serves_the_document_that_its_code_describes()
    {
        var served = JsonNode.Parse(await app.Api.GetStringAsync("/openapi/v1.json"));
        Assert.Equal((await ApiInProcess.Get()).Document.Json.ToJsonString(), served!.ToJsonString());
    }
}
