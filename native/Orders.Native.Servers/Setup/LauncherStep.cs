namespace Orders.Native.Servers.Setup;

/// <summary>Compiles <c>Launcher/orders-run.c</c>, which travels inside this assembly.</summary>
internal static class LauncherStep
{
    public static byte[] Source()
    {
        using var source = typeof(LauncherStep).Assembly.GetManifestResourceStream("orders-run.c")!;
        using var copy = new MemoryStream();
        source.CopyTo(copy);
        return copy.ToArray();
    }

    public static async Task<string> BuildAsync(string staging, CancellationToken cancellationToken)
    {
        var finished = Directory.CreateDirectory(Path.Combine(staging, "orders-run")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(staging, "orders-run.c"), Source(), cancellationToken);
        var gcc = new Command("gcc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "orders-run/orders-run", "orders-run.c")
        {
            WorkingDirectory = staging,
        };
        await gcc.RunAsync(cancellationToken);
        FileModes.OpenToAll(finished);
        return finished;
    }
}
