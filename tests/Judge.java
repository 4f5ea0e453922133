import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Reads paths, one a line; answers each with a line: path, tab, nothing or the rules it breaks. */
public class Judge {
    public static void main(String[] none) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
        while (lines.hasNextLine()) {
            String path = lines.nextLine();
            System.out.println(path + "\t" + judge(path).replaceAll("\\s+", " "));
        }
    }

    static String judge(String path) {
        PDFAFlavour flavour = PDFAFlavour.PDFA_2_B;
        try (FileInputStream file = new FileInputStream(path);
                PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            TreeSet<String> broken = new TreeSet<>();
            for (TestAssertion test : result.getTestAssertions()) {
                if (test.getStatus() == TestAssertion.Status.FAILED) {
                    broken.add(test.getRuleId().getClause() + "-" + test.getRuleId().getTestNumber()
                            + " " + test.getMessage());
                }
            }
            return result.isCompliant() ? "" : "no conforme: " + String.join("; ", broken);
        } catch (Exception error) {
            return "sin veredicto: " + error;
        }
    }
}
