namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Meilisearch server. The connection string is <c>Endpoint=http://host:port;MasterKey=key</c>.</summary>
public class MeilisearchResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "http";

    private EndpointReference? _primaryEndpoint;

    /// <param name="name">The resource's name, which is also the name of its connection string.</param>
    /// <param name="masterKey">The key that allows everything.</param>
    public MeilisearchResource(string name, ParameterResource masterKey)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(masterKey);
        MasterKeyParameter = masterKey;
    }

    /// <summary>The server's only endpoint, HTTP.</summary>
    public EndpointReference PrimaryEndpoint => _primaryEndpoint ??= new(this, PrimaryEndpointName);

    /// <summary>The host of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>The key that allows everything.</summary>
    public ParameterResource MasterKeyParameter { get; }

    /// <summary>The server's address without a key.</summary>
    public ReferenceExpression UriExpression => ReferenceExpression.Create($"http://{Host}:{Port}");

    /// <summary>Address and key, as the client integration reads them.</summary>
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Endpoint=http://{Host}:{Port};MasterKey={MasterKeyParameter}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("MasterKey", ReferenceExpression.Create($"{MasterKeyParameter}")),
        new("Uri", UriExpression),
    ];
}
