using System.Globalization;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>
/// How long the tests take that can be had in a short and in a long form: the short one is the suite's, the long one is asked for by
/// environment variables, all of which <c>make test-long</c> sets.
/// </summary>
internal static class LongForm
{
    /// <summary>A number that the environment may say; what else is said there is an error and not the default.</summary>
    public static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
