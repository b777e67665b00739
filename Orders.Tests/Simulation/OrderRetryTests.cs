using System.Net;
using Orders.Simulator;
using Orders.Simulator.Api;
using Orders.Simulator.Model;

namespace Orders.Tests.Simulation;

/// <summary>An order is sent again only when it was certainly not executed; otherwise it could exist twice.</summary>
[Unit]
public sealed class OrderRetryTests
{
    private static readonly OrderIntent Intent = new(
        0, Guid.Parse("11111111-2222-4333-8444-555555555555"),
        new PlaceOrderRequest("cus-1", "add-1", "web", [new PlaceOrderLine("pro-1", 2)]), CancelAfter: null);

    private readonly FakeShop _shop = new();
    private int _requests;

    [Fact]
    public async Task A_placed_order_is_known_by_its_location()
    {
        var reply = await PlaceAsync();

        Assert.Equal(new OrderReply("ord-1", null, 201), reply);
        Assert.Equal(
            [("11111111-2222-4333-8444-555555555555",
              """{"customer_id":"cus-1","address_id":"add-1","channel":"web","items":[{"product_id":"pro-1","quantity":2}]}""")],
            _shop.Orders);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task What_was_turned_away_is_sent_again_with_the_same_key(HttpStatusCode status)
    {
        _shop.Interfere = _ => ++_requests <= 2 ? Answer(status) : null;

        var reply = await PlaceAsync();

        Assert.Equal("ord-1", reply.OrderId);
        Assert.Equal(Intent.IdempotencyKey.ToString(), Assert.Single(_shop.Orders).Key);
    }

    [Fact]
    public async Task Without_a_connection_it_is_tried_again()
    {
        _shop.Interfere = _ => ++_requests == 1 ? throw new HttpRequestException(HttpRequestError.ConnectionError) : null;

        Assert.Equal("ord-1", (await PlaceAsync()).OrderId);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, FailureKind.Throttled, 3)]
    [InlineData(HttpStatusCode.ServiceUnavailable, FailureKind.Unavailable, 3)]
    [InlineData(HttpStatusCode.InternalServerError, FailureKind.ServerError, 1)]
    [InlineData(HttpStatusCode.BadGateway, FailureKind.ServerError, 1)]
    [InlineData(HttpStatusCode.UnprocessableEntity, FailureKind.Rejected, 1)]
    [InlineData(HttpStatusCode.Conflict, FailureKind.Rejected, 1)]
    public async Task Giving_up_says_what_is_known(HttpStatusCode status, object kind, int requests)
    {
        _shop.Interfere = _ =>
        {
            _requests++;
            return Answer(status);
        };

        var reply = await PlaceAsync();

        Assert.Equal((new OrderReply(null, (FailureKind)kind, (int)status), requests), (reply, _requests));
    }

    [Fact]
    public async Task A_connection_that_broke_after_sending_is_not_tried_again()
    {
        _shop.Interfere = _ =>
        {
            _requests++;
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        };

        Assert.Equal((new OrderReply(null, FailureKind.ConnectionLost), 1), (await PlaceAsync(), _requests));
    }

    [Fact]
    public async Task No_reply_in_time_is_not_tried_again()
    {
        _shop.Interfere = _ =>
        {
            _requests++;
            throw new Polly.Timeout.TimeoutRejectedException();
        };

        Assert.Equal((new OrderReply(null, FailureKind.Timeout), 1), (await PlaceAsync(), _requests));
    }

    private Task<OrderReply> PlaceAsync() =>
        _shop.Api(new SimulatorOptions { RetriesMax = 2 }).PlaceAsync(Intent, CancellationToken.None);

    private static HttpResponseMessage Answer(HttpStatusCode status) => new(status) { Headers = { { "Retry-After", "0" } } };
}
