namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Meilisearch server.</summary>
public class MeilisearchResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "http";

    public MeilisearchResource(string name, ParameterResource masterKey)
        : base(name)
    {
        MasterKeyParameter = masterKey;
        PrimaryEndpoint = new(this, PrimaryEndpointName);
    }

    public EndpointReference PrimaryEndpoint { get; }

    public ParameterResource MasterKeyParameter { get; }

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Endpoint=http://{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)};MasterKey={MasterKeyParameter}");

    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Host)}")),
        new("Port", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Port)}")),
        new("MasterKey", ReferenceExpression.Create($"{MasterKeyParameter}")),
        new("Uri", ReferenceExpression.Create($"http://{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}")),
    ];
}
