namespace Aspire.StackExchange.Redis;

/// <summary>Read from <c>Aspire:StackExchange:Redis</c> and the section of the connection's name below it.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary><c>host:port,password=...</c>; normally from <c>ConnectionStrings:&lt;connectionName&gt;</c>, which wins.</summary>
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    /// <summary>Without effect here: the client of the native stack has no instrumentation to switch off.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>True: the connection is made on first use, not when the host starts.</summary>
    public bool DisableAutoActivation { get; set; } = true;
}
