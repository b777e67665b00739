using System.Collections.Frozen;

namespace Orders.Api.Domain;

/// <summary>
/// ISO 4217: which currencies there are and how many decimals their amounts have. Those that have ended are among them, because orders
/// of their time are imported.
/// </summary>
internal static class Currencies
{
    /// <summary>The most decimals that any currency has.</summary>
    public const int DecimalsMax = 4;

    private const int Usual = 2;

    private const string None = """
        BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF BEF ESP GRD ITL LUF PTE
        """;

    private const string Two = """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
        CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS
        KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
        PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
        UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL ATS CYP DEM EEK FIM FRF HRK IEP LTL LVL MTL NLG SIT SKK
        """;

    private const string Three = "BHD IQD JOD KWD LYD OMR TND";

    private const string Four = "CLF UYW";

    private static readonly FrozenDictionary<string, int> Known = Codes(None, 0).Concat(Codes(Two, 2)).Concat(Codes(Three, 3))
        .Concat(Codes(Four, 4)).ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Exists(string? code) => code is not null && Known.ContainsKey(code);

    /// <summary>Decimals of its amounts; 2 of a code that is not known, which orders of the past may have.</summary>
    public static int DecimalsOf(string code) => Known.GetValueOrDefault(code, Usual);

    private static IEnumerable<KeyValuePair<string, int>> Codes(string codes, int decimals) =>
        codes.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(code => KeyValuePair.Create(code, decimals));
}
