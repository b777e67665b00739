using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.Tests.Support;

/// <summary>What resources have written on their consoles.</summary>
internal static partial class ConsoleLines
{
    /// <returns>Every line so far as <c>resource: text</c>, without colours.</returns>
    public static async Task<IReadOnlyList<string>> OfAsync(DistributedApplication app, IReadOnlyList<string> resources)
    {
        var lines = new List<string>();
        var log = app.Services.GetRequiredService<ResourceLoggerService>();
        foreach (var resource in app.Services.GetRequiredService<DistributedApplicationModel>().Resources)
        {
            if (!resources.Contains(resource.Name)) continue;
            await foreach (var batch in log.GetAllAsync(resource))
                lines.AddRange(batch.Select(line => $"{resource.Name}: {Colours().Replace(line.Content, "")}"));
        }

        return lines;
    }

    [GeneratedRegex(@"\e\[[0-9;]*m", RegexOptions.None, 1000)]
    private static partial Regex Colours();
}
