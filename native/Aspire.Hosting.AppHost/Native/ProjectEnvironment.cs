using Aspire.Hosting.ApplicationModel;

namespace Orders.Native.Hosting;

internal static class ProjectEnvironment
{
    public static void Apply(ProjectResource project, EnvironmentCallbackContext context)
    {
    }
}
