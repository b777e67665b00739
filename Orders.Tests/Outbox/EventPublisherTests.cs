using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Orders.Api.Outbox;
using Orders.ServiceDefaults.Freshness;

namespace Orders.Tests.Outbox;

/// <summary>What Kafka refuses is told from what it cannot take just now, and only what it refuses alone is set aside.</summary>
[Unit]
public sealed class EventPublisherTests
{
    private static readonly Error TooLarge = new(ErrorCode.MsgSizeTooLarge);

    private readonly InFlightWindow _window = new(1000, 1_000_000, 1000);
    private readonly ConcurrentDictionary<long, bool> _suspects = new();
    private readonly List<Exception> _faults = [];
    private readonly OutboxMetrics _metrics = new(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), new FreshnessBoard());

    [Fact]
    public async Task An_event_that_the_client_does_not_send_is_set_aside_at_once_and_the_next_one_goes()
    {
        var kafka = Kafka();
        kafka.Throws = position => position == 1 ? TooLarge : null;
        var publisher = Publisher(kafka);
        await publisher.PublishAsync(Event(1), 7, null, default);
        await publisher.PublishAsync(Event(2), 7, null, default);
        kafka.Report(2, new Error(ErrorCode.NoError));

        var (events, _) = _window.Take(10);
        Assert.Equal([(1L, true), (2L, false)], events.Select(sent => (sent.OutboxPosition, sent.Refusal is not null)));
        Assert.Equal([1, 2, 3], events[0].Refusal!.Event.Payload);
        Assert.Empty(_faults);
    }

    [Fact]
    public async Task A_batch_that_the_broker_refuses_ends_the_session_and_sets_nothing_aside()
    {
        var kafka = Kafka();
        var publisher = Publisher(kafka);
        await publisher.PublishAsync(Event(1), 7, null, default);
        await publisher.PublishAsync(Event(2), 7, null, default);
        foreach (var position in (long[])[1, 2]) kafka.Report(position, TooLarge);

        Assert.Empty(_window.Take(10).Events);
        Assert.Equal(2, _faults.Count);
        Assert.Equal([1, 2], _suspects.Keys.Order());
    }

    [Fact]
    public async Task A_suspect_goes_alone_and_is_set_aside_when_it_is_refused_again()
    {
        (_suspects[1], _suspects[2]) = (true, true);
        var kafka = Kafka();
        var publisher = Publisher(kafka);
        await publisher.PublishAsync(Event(0), 7, null, default);
        var first = publisher.PublishAsync(Event(1), 7, null, default);
        Assert.Equal([0], kafka.Sent);

        await Settle(0, ErrorCode.NoError);
        Assert.Equal([0, 1], kafka.Sent);
        await Settle(1, ErrorCode.NoError);
        await first.WaitAsync(TimeSpan.FromSeconds(5));
        var second = publisher.PublishAsync(Event(2), 7, null, default);
        Assert.Equal([0, 1, 2], kafka.Sent);
        Assert.Equal(2, (await Settle(2, ErrorCode.MsgSizeTooLarge)).Refusal!.Event.Position);
        await second.WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Empty(_suspects);
        Assert.Empty(_faults);

        async Task<InFlightEvent> Settle(long position, ErrorCode code)
        {
            kafka.Report(position, new Error(code));
            await _window.WaitForPrefixAsync(default).WaitAsync(TimeSpan.FromSeconds(5));
            var taken = Assert.Single(_window.Take(10).Events);
            var sent = kafka.Sent.Count;
            _window.Sequenced(1);
            // The wait for quiet ends by itself.
            if (position == 0) await kafka.MoreThanAsync(sent);
            return taken;
        }
    }

    [Theory]
    [InlineData(ErrorCode.Local_AllBrokersDown)]
    [InlineData(ErrorCode.TopicAuthorizationFailed)]
    [InlineData(ErrorCode.NotEnoughReplicas)]
    public async Task What_is_wrong_with_Kafka_and_not_with_the_event_is_waited_for(ErrorCode code)
    {
        _suspects[1] = true;
        var kafka = Kafka();
        var publishing = Publisher(kafka).PublishAsync(Event(1), 7, null, default);
        kafka.Report(1, new Error(code));

        Assert.False(publishing.IsCompleted);
        Assert.Empty(_window.Take(10).Events);
        Assert.Single(_faults);
    }

    private EventPublisher Publisher(Producer kafka) =>
        new((IProducer<string, byte[]>)(object)kafka, _window, _suspects, _metrics, TimeProvider.System, _faults.Add);

    private static OutboxEvent Event(long position) => new(position, $"ord-{position}", 1, "orders.placed", null, [1, 2, 3]);

    private static Producer Kafka() => (Producer)(object)DispatchProxy.Create<IProducer<string, byte[]>, Producer>();

    /// <summary>Kafka as a test writes it. An event's order id names its position in the outbox.</summary>
    public class Producer : DispatchProxy
    {
        private readonly List<Action<DeliveryReport<string, byte[]>>> _handlers = [];
        private TaskCompletionSource _more = new();

        /// <summary>The error that the client throws for an event, by its position.</summary>
        public Func<long, Error?> Throws { get; set; } = _ => null;

        public List<long> Sent { get; } = [];

        public Task MoreThanAsync(int sent) => Sent.Count > sent ? Task.CompletedTask : _more.Task.WaitAsync(TimeSpan.FromSeconds(5));

        public void Report(long position, Error error) => _handlers[Sent.IndexOf(position)](new DeliveryReport<string, byte[]>
        {
            TopicPartitionOffsetError = new TopicPartitionOffsetError("orders.events", 0, position, error),
        });

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name != nameof(IProducer<string, byte[]>.Produce)) return null;
            var handler = (Action<DeliveryReport<string, byte[]>>)args![2]!;
            var position = long.Parse(((Message<string, byte[]>)args[1]!).Key["ord-".Length..], CultureInfo.InvariantCulture);
            if (Throws(position) is { } error) throw new ProduceException<string, byte[]>(error, new DeliveryResult<string, byte[]>());
            Sent.Add(position);
            _handlers.Add(handler);
            _more.TrySetResult();
            _more = new TaskCompletionSource();
            return null;
        }
    }
}
