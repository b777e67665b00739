using System.Globalization;
using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port that a resource serves.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly TaskCompletionSource<AllocatedEndpoint> _allocated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _transport;

    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Name = name ?? UriScheme;
        ResourceName.Validate(Name);
        _transport = transport;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied ?? true;
    }

    public string Name { get; set; }

    public ProtocolType Protocol { get; set; }

    /// <summary>The port that clients use; null or 0: any free port.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the process listens on; null: chosen when it starts.</summary>
    public int? TargetPort { get; set; }

    public string UriScheme { get; set; }

    public string TargetHost { get; set; } = "localhost";

    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : Protocol.ToString().ToLowerInvariant());
        set => _transport = value;
    }

    public bool IsExternal { get; set; }

    /// <summary>True: the orchestrator listens on the port and balances over the replicas. False: the process itself does.</summary>
    public bool IsProxied { get; set; }

    public AllocatedEndpoint? AllocatedEndpoint { get; private set; }

    internal bool FromLaunchProfile { get; set; }

    /// <summary>Environment variable that tells the process its port; such an endpoint stays out of ASPNETCORE_URLS.</summary>
    internal string? TargetPortEnvironmentVariable { get; set; }

    internal Task<AllocatedEndpoint> Allocated => _allocated.Task;

    internal void Allocate(AllocatedEndpoint endpoint)
    {
        AllocatedEndpoint = endpoint;
        _allocated.TrySetResult(endpoint);
    }
}

public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
{
    public EndpointAnnotation Endpoint { get; } = endpoint;

    public string Address { get; } = address;

    public int Port { get; } = port;

    public string UriScheme => Endpoint.UriScheme;

    public string EndPointString => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");

    public string UriString => $"{UriScheme}://{EndPointString}";

    public override string ToString() => UriString;
}

public enum EndpointProperty
{
    Url,
    Host,
    IPV4Host,
    Port,
    Scheme,
    TargetPort,
    HostAndPort,
}

/// <summary>Names an endpoint of a resource; its values are known once the application has started.</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IExpressionValue, IValueWithReferences
{
    public IResourceWithEndpoints Resource { get; } = owner;

    public string EndpointName { get; } = endpointName;

    public EndpointAnnotation EndpointAnnotation => Find()
        ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`.");

    public bool Exists => Find() is not null;

    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;

    public bool IsHttp => Scheme == "http";

    public bool IsHttps => Scheme == "https";

    public string Scheme => EndpointAnnotation.UriScheme;

    public int Port => Allocated.Port;

    public int? TargetPort => EndpointAnnotation.TargetPort;

    public string Host => Allocated.Address;

    public string Url => Allocated.UriString;

    string IManifestExpressionProvider.ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    IEnumerable<object> IValueWithReferences.References => [Resource];

    private AllocatedEndpoint Allocated => EndpointAnnotation.AllocatedEndpoint
        ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`.");

    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        Property(EndpointProperty.Url).GetValueAsync(cancellationToken);

    private EndpointAnnotation? Find() => Resource.Annotations.OfType<EndpointAnnotation>()
        .SingleOrDefault(e => string.Equals(e.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}

/// <summary>One property of an endpoint. Waits until the endpoint has been allocated.</summary>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property)
    : IExpressionValue, IValueWithReferences
{
    public EndpointReference Endpoint { get; } = endpointReference;

    public EndpointProperty Property { get; } = property;

    public string ValueExpression =>
        $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{Property.ToString().ToLowerInvariant()}}}";

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        if (Property == EndpointProperty.Scheme)
            return Endpoint.Scheme;

        var allocated = await Endpoint.EndpointAnnotation.Allocated.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Property switch
        {
            EndpointProperty.Url => allocated.UriString,
            EndpointProperty.Host => allocated.Address,
            EndpointProperty.IPV4Host => "127.0.0.1",
            EndpointProperty.Port => allocated.Port.ToString(CultureInfo.InvariantCulture),
            EndpointProperty.TargetPort => (Endpoint.TargetPort ?? allocated.Port).ToString(CultureInfo.InvariantCulture),
            EndpointProperty.HostAndPort => allocated.EndPointString,
            _ => throw new InvalidOperationException($"The property '{Property}' is not supported for endpoints."),
        };
    }
}
