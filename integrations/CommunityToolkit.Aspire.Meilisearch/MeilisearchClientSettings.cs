using System.Data.Common;

namespace CommunityToolkit.Aspire.Meilisearch;

/// <summary>Read from <c>Aspire:Meilisearch:Client</c>.</summary>
public sealed class MeilisearchClientSettings
{
    /// <summary>The server's address; normally from the connection string.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The key that is sent with each request; normally from the connection string. Null: none.</summary>
    public string? MasterKey { get; set; }

    /// <summary>Default false.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Milliseconds; null or 0 for no limit but the client's own.</summary>
    public int? HealthCheckTimeout { get; set; }

    /// <summary>Either a bare address or <c>Endpoint=...;MasterKey=...</c>.</summary>
    internal void Apply(string connectionString)
    {
        if (Uri.TryCreate(connectionString, UriKind.Absolute, out var bare))
        {
            Endpoint = bare;
            return;
        }

        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
        if (parts.TryGetValue(nameof(Endpoint), out var endpoint) && Uri.TryCreate(endpoint.ToString(), UriKind.Absolute, out var uri))
            Endpoint = uri;
        if (parts.TryGetValue(nameof(MasterKey), out var masterKey)) MasterKey = masterKey.ToString();
    }
}
