namespace Orders.Tests.Support;

/// <summary>The application is started by the first class that needs it, not by a run that needs none. A failed start is not tried again:
/// each class that needs it fails at once, with the same reason.</summary>
public sealed class RunningApplication(OrdersApplication app) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await app.StartedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
