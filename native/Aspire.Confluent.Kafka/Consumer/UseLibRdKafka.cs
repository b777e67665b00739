using System.Runtime.CompilerServices;

namespace Aspire.Confluent.Kafka.Consumer;

internal static class UseLibRdKafka
{
    [ModuleInitializer]
    internal static void Initialize() => LibRdKafka.Use();
}
