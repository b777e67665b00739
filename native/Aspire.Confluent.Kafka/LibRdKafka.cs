using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>
/// Tells Confluent.Kafka where its native library is. Must happen before the first client of a process is made; every assembly
/// that uses Kafka does it when it is loaded (Consumer/UseLibRdKafka.cs), and so does this one.
/// </summary>
public static class LibRdKafka
{
    /// <summary>Names the library's file where it is not the one of this clone.</summary>
    public const string PathVariable = "ORDERS_LIBRDKAFKA";

    private static int _used;

    /// <summary>May be called any number of times; the runtime allows one resolver for an assembly.</summary>
    public static void Use()
    {
        if (Interlocked.Exchange(ref _used, 1) == 0) NativeLibrary.SetDllImportResolver(typeof(ClientConfig).Assembly, Resolve);
    }

    [ModuleInitializer]
    internal static void Initialize() => Use();

    /// <exception cref="DllNotFoundException">The library is not there; the message says what to do.</exception>
    internal static void Require()
    {
        if (!File.Exists(Location())) throw Missing();
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (library != "librdkafka") return 0;
        if (File.Exists(Location())) return NativeLibrary.Load(Location());
        // Confluent.Kafka swallows the reason and reports a bare failure to load.
        var error = Missing();
        Console.Error.WriteLine(error.Message);
        throw error;
    }

    private static DllNotFoundException Missing() => new(
        $"The native Kafka library is not at '{Location()}'. Starting the AppHost builds it there; {PathVariable} may name another file.");

    private static string Location() => Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } told ? told : BuiltHere();

    private static string BuiltHere() =>
        typeof(LibRdKafka).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "OrdersLibRdKafka").Value!;
}
