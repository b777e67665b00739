using Aspire.Hosting.ApplicationModel;

namespace Orders.Native.Hosting;

/// <summary>A server of the native stack that asks more of its clients than the connection string: settings, as its client
/// integration reads them.</summary>
internal interface IReferenceEnvironment
{
    void Apply(EnvironmentCallbackContext context, string connectionName);
}
