using System.Data.Common;

namespace CommunityToolkit.Aspire.Meilisearch;

/// <summary>Read from <c>Aspire:Meilisearch:Client</c>.</summary>
public sealed class MeilisearchClientSettings
{
    public Uri? Endpoint { get; set; }

    public string? MasterKey { get; set; }

    public bool DisableHealthChecks { get; set; }

    /// <summary>Milliseconds; null or 0 for none.</summary>
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
        if (parts.TryGetValue("Endpoint", out var endpoint) && Uri.TryCreate(endpoint.ToString(), UriKind.Absolute, out var uri))
            Endpoint = uri;
        if (parts.TryGetValue("MasterKey", out var masterKey)) MasterKey = masterKey.ToString();
    }
}
