using System.Reflection;
using System.Text.Json;
using Confluent.Kafka;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Tests.DeadLetters;

/// <summary>A letter is written whatever is too large of its record: what does not fit stays in place.</summary>
[Unit]
public sealed class LetterSizeTests
{
    private static readonly DeadLetter Letter = new()
    {
        Group = "g", Topic = "t", Partition = 1, Offset = 2, Reason = "r", Detail = "d", FailedAt = default, Key = new byte[600],
        Value = new byte[600], Headers = [new DeadLetterHeader("h", new byte[600])],
    };

    [Theory]
    [InlineData(10_000, true, true, null)]
    [InlineData(2_700, false, true, 600)]
    [InlineData(900, false, false, 600)]
    public async Task What_does_not_fit_is_left_away_the_value_first(int max, bool value, bool key, int? omitted)
    {
        var producer = DispatchProxy.Create<IProducer<string, byte[]>, Producer>();
        ((Producer)(object)producer).Max = max;
        await producer.WriteAsync("letters", Letter, CancellationToken.None);

        var written = JsonSerializer.Deserialize(((Producer)(object)producer).Written!, OrdersJson.Default.DeadLetter)!;
        Assert.Equal((value, key, key, omitted),
            (written.Value is not null, written.Key is not null, written.Headers is not null, written.OmittedBytes));
    }

    public class Producer : DispatchProxy
    {
        public int Max { get; set; }

        public byte[]? Written { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var message = (Message<string, byte[]>)args![1]!;
            var size = message.Value.Length + (message.Key?.Length ?? 0);
            if (size > Max)
                throw new ProduceException<string, byte[]>(new Error(ErrorCode.MsgSizeTooLarge), new DeliveryResult<string, byte[]>());
            Written = message.Value;
            return Task.FromResult(new DeliveryResult<string, byte[]>());
        }
    }
}
