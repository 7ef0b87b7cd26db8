#!/usr/bin/env python3
"""evidence_test.py SCRIPT FOLDER: profile/evidence.py compares tables and dumps with a small catalogue, and merges what was
accepted; and the two tables in FOLDER, profile/, are of one mind."""
import os
import subprocess
import sys
import tempfile
import unittest

CATALOGUE = """# comment
Aaa		Bool		Yes|No	Yes	Yes	No
Bbb_#_	1..4	Choice		A|B			A
Other_Aaa = Aaa
"""
SOURCES = """# head
Aaa	mpp -ata		G
Bbb_#_	spa	11.3(7)..	D50
"""
REFERENCE = """name,type,allowed,default,unit,tab,models,source_section,note
Aaa,Bool,Yes|No,Yes,,Phone,all,Aaa,new in 12.0(7)
Bbb_{n}_,Choice,A|B|C,A,,Phone,all,Bbb,
Other_Aaa,Bool,,,,Phone,all,x,
Ccc,Str,,,,Phone,all,Ccc,
Status_Only,Status,,,,Phone,all,x,no XML element: web page only
"""
NUMBERS = """name,family,seen_in,default_if_known,kind_of_evidence,judgement
Bbb_{n}_ n=5..12,ata+spa,Cisco ATA 191/192 MPP provisioning guide,,documented,real: range is too narrow
Group,ata,Cisco ATA 191/192 MPP provisioning guide,,documented,"real container, not a value"
"""
SCRIPT, FOLDER = sys.argv[1:3]


class Evidence(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.write("catalogue.tsv", CATALOGUE)
        self.write("sources.tsv", SOURCES)

    def tearDown(self):
        self.place.cleanup()

    def write(self, name, text):
        path = os.path.join(self.place.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def read(self, name):
        with open(os.path.join(self.place.name, name), encoding="utf-8") as file:
            return file.read()

    def run_script(self, *arguments, folder=None):
        environment = {**os.environ, "PROVPHONE_CATALOGUE": folder or self.place.name}
        return subprocess.run([sys.executable, SCRIPT, *arguments], env=environment, capture_output=True, text=True,
                              check=False)

    def test_a_table_is_compared_by_what_it_says(self):
        done = self.run_script(self.write("r.csv", REFERENCE))
        self.assertEqual(done.stdout.splitlines(), [
            "factory\tAaa\tNo\tYes\tR", "firmware\tAaa\t\t12.0(7)..\tR", "source\tAaa\t\tR\tR",
            "allowed\tBbb_#_\tA|B\tA|B|C\tR", "lines\tBbb_#_\t\tmpp\tR", "source\tBbb_#_\t\tR\tR",
            "row\tCcc\t\t;Str;\tR"])
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_numbers_beyond_a_family_are_told_and_groups_are_not(self):
        done = self.run_script(self.write("n.csv", NUMBERS))
        self.assertEqual(done.stdout.splitlines(), [
            "numbers\tBbb_#_\t1..4\t1..4..12\tA", "lines\tBbb_#_\t\tata\tA", "source\tBbb_#_\t\tA\tA"])

    def test_a_dump_says_who_has_a_name_and_no_more(self):
        dump = self.write("d.xml", "<flat-profile><Aaa ua='na'>x</Aaa>\n<Bbb_4_/></flat-profile>")
        done = self.run_script("D88:mpp:" + dump)
        self.assertEqual(done.stdout.splitlines(), [
            "row\tflat-profile\t\t;Str;\tD88", "source\tAaa\t\tD88\tD88", "lines\tBbb_#_\t\tmpp\tD88",
            "source\tBbb_#_\t\tD88\tD88"])

    def test_what_is_accepted_is_merged_and_nothing_else_changes(self):
        accepted = self.write("a.tsv", "row\tAbc\t\t;Str;\tR\nallowed\tBbb_#_\tA|B\tA|B|C\tR\n"
                              "lines\tBbb_#_\t\tmpp\tR\nsource\tBbb_#_\t\tR\tR\nfirmware\tAaa\t\t12.0(7)..\tR\n")
        done = self.run_script("--merge", accepted)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.read("catalogue.tsv"), CATALOGUE.replace("A|B", "A|B|C").replace(
            "Bbb_#_\t", "Abc\t\tStr\telsewhere\t\t\t\t\nBbb_#_\t"))
        self.assertEqual(self.read("sources.tsv"), "# head\nAaa\tmpp -ata\t12.0(7)..\tG\nAbc\t\t\t\n"
                         "Bbb_#_\tspa mpp\t11.3(7)..\tD50 R\n")

    def test_what_follows_is_settled_once(self):
        done = self.run_script("--settle")
        self.assertEqual(done.stdout.splitlines(), [
            "lines\tAaa\t\tspa\t", "lines\tBbb_#_\t\t-mpp\t", "lines\tBbb_#_\t\t-phoneos\t"])
        self.run_script("--merge", self.write("s.tsv", done.stdout))
        self.assertEqual(self.run_script("--settle").stdout, "")

    def test_a_line_that_no_longer_fits_changes_nothing(self):
        for line, why in (("allowed\tAaa\tYes\tNo\tR", "expected Aaa to have 'Yes', found 'Yes|No'"),
                          ("row\tAaa\t\t;Str;\tR", "expected a name that is missing, found Aaa"),
                          ("source\tNone\t\tR\tR", "expected a row of catalogue.tsv, found None"),
                          ("lines\tAaa\t\tata\tR", "expected a line of products that Aaa is not marked -ata for"),
                          ("colour\tAaa\t\tx\tR", "expected row, numbers, allowed, factory, lines, firmware or source"),
                          ("row\tDdd_1_\t\t1..4;Str;\tR", "expected a # in the name for each range of numbers"),
                          ("row\tDdd", "expected 5 fields, found 2")):
            with self.subTest(line):
                path = self.write("a.tsv", "source\tAaa\t\tR\tR\n" + line + "\n")
                done = self.run_script("--merge", path)
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"evidence.py: {path}:2: {why}", done.stderr)
                self.assertEqual(self.read("sources.tsv"), SOURCES)

    def test_other_input_is_refused_in_one_line(self):
        table = self.write("x.csv", "colour,size\nred,1\n")
        for arguments, why in (((table,), f"{table}:1: expected a head with one of the columns"),
                               (("D88:house:" + self.write("d.xml", "<a/>"),), "expected a line of products"),
                               ((table + ".none",), "No such file")):
            done = self.run_script(*arguments)
            self.assertEqual(done.returncode, 1)
            self.assertIn(why, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)

    def test_the_tables_of_the_project_have_the_same_rows_and_are_settled(self):
        def names(table):
            with open(os.path.join(FOLDER, table), encoding="utf-8") as file:
                return [line.split("\t")[0] for line in file if "\t" in line and not line.startswith("#")]
        self.assertEqual(names("catalogue.tsv"), names("sources.tsv"))
        done = self.run_script("--settle", folder=FOLDER)
        self.assertEqual((done.stdout, done.stderr), ("", ""))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
