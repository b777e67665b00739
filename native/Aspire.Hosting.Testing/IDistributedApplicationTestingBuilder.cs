namespace Aspire.Hosting.Testing;

/// <summary>The builder of an AppHost whose entry point has run up to <c>Build()</c>: a test may still change what it composed.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Lets the entry point build the application. The test starts, stops and disposes it.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
