using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orders.Simulator;
using Orders.Simulator.Live;
using Orders.Simulator.Model;
using Orders.Simulator.Seeding;
using Orders.Simulator.Tables;
using Orders.Tests.Support;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class OrderPlacerTests : IDisposable
{
    private readonly FakeShop _shop = new();
    private readonly SimulatorOptions _options = new()
    {
        Customers = 25, Addresses = 30, Products = 20, BatchSize = 10, CancelDelay = TimeSpan.Zero,
    };
    private readonly List<Activity> _spans = [];
    private readonly ActivityListener _listener;
    private readonly ActivitySource _tests = new("Orders.Tests.OrderPlacer");

    /// <summary>It hears the spans of every simulator in this process: who asks for spans runs alone.</summary>
    public OrderPlacerTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is SimulatorMetrics.Name or "Orders.Tests.OrderPlacer",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (_spans) _spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _tests.Dispose();
    }

    [Fact]
    public async Task Orders_are_drawn_from_all_pages_of_what_is_active()
    {
        var (window, tables) = (Window(), await SeedAsync());

        var model = await window.OpenAsync(CancellationToken.None);

        var expected = ShopTables.From(tables.Customers, tables.Addresses, tables.Products);
        Assert.Equal(expected.Destinations.Select(d => d.AddressId).Order(), model.Tables.Destinations.Select(d => d.AddressId).Order());
        Assert.Equal(expected.ProductIds.Order(), model.Tables.ProductIds.Order());
    }

    [Fact(DisableParallelization = true)]
    public async Task Each_order_is_a_trace_of_its_own()
    {
        using (_tests.StartActivity("somebody else's work"))
        {
            await Placer(Window()).PlaceAsync(Intent(cancelAfter: null), CancellationToken.None);
        }

        var span = Assert.Single(Spans("place order"));
        Assert.Equal((default, "ord-1", 0L), (span.ParentSpanId, span.GetTagItem("orders.order_id"), span.GetTagItem("orders.intent")));
    }

    [Fact(DisableParallelization = true)]
    public async Task Second_thoughts_cancel_the_order_in_a_linked_trace()
    {
        await Placer(Window()).PlaceAsync(Intent(cancelAfter: 1), CancellationToken.None);

        await Eventually.Is(() => Task.FromResult(Spans("cancel order").Count == 1), "a cancellation");
        Assert.Equal(["ord-1"], _shop.Cancelled);
        var (placed, cancelled) = (Assert.Single(Spans("place order")), Assert.Single(Spans("cancel order")));
        Assert.Equal(placed.Context, Assert.Single(cancelled.Links).Context);
        Assert.NotEqual(placed.TraceId, cancelled.TraceId);
    }

    [Fact(DisableParallelization = true)]
    public async Task A_refused_order_is_counted_and_marks_its_trace()
    {
        _shop.Interfere = _ => new HttpResponseMessage(HttpStatusCode.UnprocessableEntity);

        Assert.Null(await Placer(Window()).PlaceAsync(Intent(cancelAfter: 1), CancellationToken.None));

        var totals = _shop.Metrics.Totals();
        Assert.Equal((0, 1, 1), (totals.Placed, totals.FailedTotal, totals.Failed["rejected"]));
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(Spans("place order")).Status);
    }

    [Fact]
    public async Task An_intent_is_kept_until_the_api_has_decided_about_it()
    {
        var requests = 0;
        (_options.KeepTrying, _options.RetriesMax) = (true, 1);
        _shop.Interfere = _ => ++requests switch
        {
            <= 4 => new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { { "Retry-After", "0" } } },
            5 => throw new HttpRequestException(HttpRequestError.ResponseEnded),
            6 => new HttpResponseMessage(HttpStatusCode.InternalServerError),
            _ => null,
        };

        Assert.Equal("ord-1", await Placer(Window()).PlaceAsync(Intent(cancelAfter: null), CancellationToken.None));

        Assert.Equal(7, requests);
        Assert.Equal("11111111-2222-4333-8444-555555555555", Assert.Single(_shop.Orders).Key);
        Assert.Equal((1, 0), (_shop.Metrics.Totals().Placed, _shop.Metrics.Totals().FailedTotal));
    }

    [Fact]
    public async Task An_intent_that_is_kept_ends_when_the_simulator_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var requests = 0;
        (_options.KeepTrying, _options.RetriesMax) = (true, 1);
        _shop.Interfere = _ =>
        {
            if (++requests == 5) stop.Cancel();
            return new HttpResponseMessage(HttpStatusCode.InternalServerError);
        };

        Assert.Null(await Placer(Window()).PlaceAsync(Intent(cancelAfter: null), stop.Token));

        Assert.Equal((5, 1), (requests, _shop.Metrics.Totals().Failed["interrupted"]));
    }

    [Fact]
    public async Task What_is_sold_out_is_restocked_for_the_next_customer()
    {
        _shop.Interfere = request => request.RequestUri!.AbsolutePath != "/v1/orders" ? null : new HttpResponseMessage(
            HttpStatusCode.Conflict)
        {
            Content = new StringContent(
                """{"type":"/problems/out_of_stock","status":409,"errors":[{"field":"items[0].product_id","reason":"not enough"}]}""",
                System.Text.Encoding.UTF8, "application/problem+json"),
        };

        Assert.Null(await Placer(Window()).PlaceAsync(Intent(cancelAfter: null), CancellationToken.None));

        Assert.Equal([("pro-1", """{"change":500}""")], _shop.Restocked);
        // The shop goes on as it should, so it is no failure, which would be a warning.
        Assert.Equal((1, 0), (_shop.Metrics.Totals().SoldOut, _shop.Metrics.Totals().FailedTotal));
    }

    private static OrderIntent Intent(double? cancelAfter) => new(
        0, Guid.Parse("11111111-2222-4333-8444-555555555555"),
        new PlaceOrderRequest("cus-1", "add-1", "web", [new PlaceOrderLine("pro-1", 2)]), cancelAfter);

    private List<Activity> Spans(string name)
    {
        lock (_spans) return [.. _spans.Where(span => span.OperationName == name)];
    }

    private async Task<SimulatedTables> SeedAsync()
    {
        await new TableSeeder(_shop.Api(_options), Options.Create(_options), TimeProvider.System, NullLogger<TableSeeder>.Instance)
            .SeedAsync(CancellationToken.None);
        return SimulatedTables.Generate(_options.RandomSeed, _options.Customers, _options.Addresses, _options.Products);
    }

    private ShopWindow Window() => new(_shop.Api(_options), TimeProvider.System, NullLogger<ShopWindow>.Instance);

    private OrderPlacer Placer(ShopWindow window) => new(
        _shop.Api(_options), window, _shop.Metrics, Options.Create(_options), TimeProvider.System, NullLogger<OrderPlacer>.Instance);
}
