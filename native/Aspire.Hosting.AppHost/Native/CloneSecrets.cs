using Orders.Native.Servers;

namespace Orders.Native.Hosting;

/// <summary>Passwords and keys that outlive a start, because the data they protect does.</summary>
internal static class CloneSecrets
{
    public static string GetOrCreate(AppHostMetadata metadata, string key) =>
        new NativeSecrets(new NativeLayout(metadata.NativeDirectory)).GetOrCreate(key);
}
