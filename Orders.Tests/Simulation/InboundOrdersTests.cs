using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orders.Simulator;
using Orders.Simulator.Api;
using Orders.Simulator.Live;
using Orders.Simulator.Model;

namespace Orders.Tests.Simulation;

/// <summary>Live orders over the topic while the broker has its moods.</summary>
[Unit]
public sealed class InboundOrdersTests : IDisposable
{
    private static readonly OrderIntent Intent = new(
        7, Guid.Parse("3a62c5cc-3756-477b-8e90-ef49f445431d"), new("cus-1", "add-1", "web", [new("pro-1", 2), new("pro-1", 499)]), null);

    private readonly FakeShop _shop = new();
    private readonly List<(int Producer, Message<string, byte[]> Message)> _sent = [];
    private readonly Queue<Error> _errors = new();
    private int _producers;

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task An_order_is_a_command_with_the_intents_key_under_a_key_of_its_own()
    {
        using var orders = Orders();

        Assert.Equal(new OrderReply("live/r/7", null), await orders.PlaceAsync(Intent, CancellationToken.None));
        Assert.Equal(new OrderReply("live/r/7", null), await orders.CancelAsync("live/r/7", "too late", CancellationToken.None));

        Assert.Equal(["live/r/7", "live/r/7"], _sent.Select(record => record.Message.Key));
        var (place, cancel) = (Read(0), Read(1));
        Assert.Equal(
            ("3a62c5cc-3756-477b-8e90-ef49f445431d", "/orders/simulator", "orders.place"),
            ((string?)place["id"], (string?)place["source"], (string?)place["type"]));
        Assert.Equal(
            """{"customer_id":"cus-1","address_id":"add-1","channel":"web","items":[{"product_id":"pro-1","quantity":2},"""
            + """{"product_id":"pro-1","quantity":499}],"external_id":"live/r/7"}""", place["data"]!.ToJsonString());
        Assert.Equal(("live/r/7/cancel", "orders.cancel"), ((string?)cancel["id"], (string?)cancel["type"]));
        Assert.Equal("""{"external_id":"live/r/7","reason":"too late"}""", cancel["data"]!.ToJsonString());
    }

    [Fact]
    public async Task What_the_broker_does_not_take_is_sent_again_and_is_the_same_command()
    {
        _errors.Enqueue(new Error(ErrorCode.Local_QueueFull, "queue full"));
        _errors.Enqueue(new Error(ErrorCode.Local_MsgTimedOut, "timed out"));
        using var orders = Orders();

        Assert.Null((await orders.PlaceAsync(Intent, CancellationToken.None)).Failure);

        Assert.Equal(3, _sent.Count);
        Assert.Single(_sent.Select(record => Encoding.UTF8.GetString(record.Message.Value)).Distinct());
        Assert.Equal((2, 1), ((int)_shop.Metrics.Totals().Retried, _producers));
    }

    [Fact]
    public async Task A_producer_that_is_broken_for_good_is_replaced()
    {
        _errors.Enqueue(new Error(ErrorCode.Local_Fatal, "broken", isFatal: true));
        using var orders = Orders();

        Assert.Null((await orders.PlaceAsync(Intent, CancellationToken.None)).Failure);

        Assert.Equal([1, 2], _sent.Select(record => record.Producer));
    }

    [Fact]
    public async Task Who_is_stopped_meanwhile_says_so()
    {
        using var stop = new CancellationTokenSource();
        for (var i = 0; i < 100; i++) _errors.Enqueue(new Error(ErrorCode.Local_Transport, "connection lost"));
        using var orders = Orders();

        var placing = orders.PlaceAsync(Intent, stop.Token);
        await stop.CancelAsync();

        Assert.Equal(FailureKind.Interrupted, (await placing).Failure);
    }

    [Fact]
    public async Task Pieces_come_before_they_are_asked_for()
    {
        using var orders = Orders();

        await orders.PlaceAsync(Intent, CancellationToken.None);
        Assert.Equal(["""{"change":500}""", """{"change":500}"""], _shop.Restocked.Select(delivery => delivery.Body));
        // 499 are left: one order of two pieces later as well.
        await orders.PlaceAsync(Intent with { Request = Intent.Request with { Items = [new("pro-1", 2)] } }, CancellationToken.None);
        Assert.Equal(2, _shop.Restocked.Count);
    }

    private JsonNode Read(int record) => JsonNode.Parse(_sent[record].Message.Value)!;

    private InboundOrders Orders()
    {
        var options = Options.Create(new SimulatorOptions { Run = "r" });
        return new InboundOrders(
            Connect, new Supplies(_shop.Api(options.Value), options), new RunName(options, TimeProvider.System), _shop.Metrics,
            TimeProvider.System, NullLogger<InboundOrders>.Instance);
    }

    private IProducer<string, byte[]> Connect()
    {
        var producer = DispatchProxy.Create<IProducer<string, byte[]>, Producer>();
        var number = ++_producers;
        ((Producer)producer).Produce = message =>
        {
            _sent.Add((number, message));
            var result = new DeliveryResult<string, byte[]> { Message = message };
            return _errors.TryDequeue(out var error)
                ? Task.FromException<DeliveryResult<string, byte[]>>(new ProduceException<string, byte[]>(error, result))
                : Task.FromResult(result);
        };
        return producer;
    }

    /// <summary>
    /// The one method of a producer that is asked for here. Errors bring their reason along: without one, the client asks its
    /// native library, which a fresh clone builds only when an application starts.
    /// </summary>
    public class Producer : DispatchProxy
    {
        internal Func<Message<string, byte[]>, Task<DeliveryResult<string, byte[]>>> Produce { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IProducer<string, byte[]>.ProduceAsync) => Produce((Message<string, byte[]>)args![1]!),
            nameof(IProducer<string, byte[]>.Flush) => 0,
            nameof(IDisposable.Dispose) => null,
            var name => throw new NotSupportedException(name),
        };
    }
}
