using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>
/// The listeners of the container: a client is sent to the address that its listener advertises, so this machine, other containers
/// and the broker itself need one each. <c>PLAINTEXT</c> and <c>CONTROLLER</c> are the image's own, at their defaults.
/// </summary>
internal static class KafkaListeners
{
    public const int HostPort = 9092;
    public const int InternalPort = 9093;

    private const string Own = "PLAINTEXT://localhost:29092";

    public static void Configure(EnvironmentCallbackContext context, KafkaServerResource kafka)
    {
        context.EnvironmentVariables["KAFKA_LISTENERS"] =
            $"{Own},CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:{HostPort},PLAINTEXT_INTERNAL://0.0.0.0:{InternalPort}";
        context.EnvironmentVariables["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] =
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT";
        context.EnvironmentVariables["KAFKA_ADVERTISED_LISTENERS"] =
            context.ExecutionContext.IsRunMode ? OnThisMachine(kafka) : Deployed(kafka);
    }

    /// <summary>Containers of an application find each other by the resource's name.</summary>
    private static ReferenceExpression OnThisMachine(KafkaServerResource kafka)
    {
        var port = kafka.InternalEndpoint.Property(EndpointProperty.TargetPort);
        return ReferenceExpression.Create($"{Own},PLAINTEXT_HOST://localhost:{kafka.Port},PLAINTEXT_INTERNAL://{kafka.Name}:{port}");
    }

    private static ReferenceExpression Deployed(KafkaServerResource kafka)
    {
        var host = kafka.PrimaryEndpoint.Property(EndpointProperty.HostAndPort);
        var inside = kafka.InternalEndpoint.Property(EndpointProperty.HostAndPort);
        return ReferenceExpression.Create($"{Own},PLAINTEXT_HOST://{host},PLAINTEXT_INTERNAL://{inside}");
    }
}
