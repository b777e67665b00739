/// <summary>Generated secrets: letters and digits alone.</summary>
internal static class Secrets
{
    /// <summary>
    /// Kept with the user secrets, so that kept data opens again. Aspire's own passwords hold braces, which break where a value is
    /// taken for a template, and its connection strings do not escape <c>;</c> and <c>,</c>.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddSecret(
        this IDistributedApplicationBuilder builder, string name, int length = 32) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = length, Special = false }, secret: true, persist: true);
}
