package table

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"
)

// Layouts of other kinds of system, as a newcomer's export has them.
func TestLayoutsOfOtherSystems(t *testing.T) {
	tests := []struct {
		name, file, text string
		o                Options
		want             []string
	}{
		{"ISO with a zone, and a T", "a.csv", "ref,occurred,location\nA,2021-06-03T22:15:00+02:00,x y\nB,2021-06-03T20:15:30Z,x y\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 20:15", "3 B 2021-06-03 20:15"}},
		{"seconds since 1970", "a.csv", "CaseNo,OccurredEpoch,Address\n1510368100,1710368100,4 High Street\n1510368101,1710411900,8 Mill Street\n", Options{Zone: zone(t, "Europe/London")},
			[]string{"every column used", "2 1510368100 2024-03-13 22:15", "3 1510368101 2024-03-14 10:25"}},
		{"Spanish, with decimal commas", "a.csv", "Nº de caso;Fecha del hecho;Hora;Dirección;Delito;Latitud;Longitud\nC1;13/03/2024;22:15;Calle Mayor 4;Robo;40,41;-3,70\n", Options{},
			[]string{"dates day first: 1 row proves it; offence from Delito", "2 C1 2024-03-13 22:15 (-3.7000 40.4100)"}},
		{"German, with decimal commas", "a.csv", "Fallnummer;Tatzeit;Tatort;Delikt;Breite;Längengrad\nF1;12.03.2024 22:15;Hauptstraße 4, Köln;Einbruch;50,94;6,96\nF2;13.03.2024 09:05;Ringstraße 8, Köln;Raub;50,95;6,97\n", Options{},
			[]string{"dates day first: 1 row proves it; offence from Delikt", "2 F1 2024-03-12 22:15 (6.9600 50.9400)", "3 F2 2024-03-13 09:05 (6.9700 50.9500)"}},
		{"French, with clocks of words", "a.csv", "Numéro;Date des faits;Heure;Lieu;Infraction\nN1;13/03/2024;22h15;4 rue Pasteur, Lyon;Vol\nN2;14/03/2024;9h05;8 rue Monge, Lyon;Vol\n", Options{},
			[]string{"dates day first: 2 rows prove it; offence from Infraction", "2 N1 2024-03-13 22:15", "3 N2 2024-03-14 09:05"}},
		{"a clock of twelve hours", "a.csv", "ref,date,location\nA,6/13/2021 9:05 PM,x y\nB,6/14/2021 12:00 AM,x y\nC,6/14/2021 12:30:00 PM,x y\n", Options{},
			[]string{"dates month first: 3 rows prove it", "2 A 2021-06-13 21:05", "3 B 2021-06-14 00:00", "4 C 2021-06-14 12:30"}},
		{"from and to", "a.csv", "ref,date from,time from,date to,time to,location\nA,13/06/2021,22:00,14/06/2021,06:30,x y\nB,13/06/2021,22:00,,,x y\nC,14/06/2021,22:00,13/06/2021,06:30,x y\n", Options{},
			[]string{"dates day first: 3 rows prove it", "2 A 2021-06-13 22:00 to 2021-06-14 06:30", "3 B 2021-06-13 22:00", "line 4: to: the event ends before it starts"}},
		{"whole months", "a.csv", "ref,month,location\nA,2021-06,x y\nB,2021-02,x y\n", Options{},
			[]string{"every column used", "2 A 2021-06-01 00:00 to 2021-07-01 00:00", "3 B 2021-02-01 00:00 to 2021-03-01 00:00"}},
		{"days counted from 1970", "a.csv", "ref,day,lat,lon\nA,18781,52.5,1.25\nB,18782,52.5,1.25\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 00:00 day (1.2500 52.5000)", "3 B 2021-06-04 00:00 day (1.2500 52.5000)"}},
		{"times of day that hold dates", "a.csv", "ref,date,time,location\nA,2021-06-03,2021-06-03 10:05,x y\nB,2021-06-03,tea time,x y\nC,2021-06-03,10.05,x y\n", Options{Columns: map[Field]string{FromTime: "time"}},
			[]string{"every column used", "2 A 2021-06-03 10:05", "line 3: from_time: the clock time cannot be read", "4 C 2021-06-03 10:05"}},
		{"a clock without its date", "a.csv", "ref,date,time,location\nA,2021-06-03,10:05,x y\nB,,10:05,x y\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 10:05", "line 3: date: a clock time without a date"}},
		{"half of a pair", "a.csv", "ref,date,lat,lon\nA,2021-06-03,52.5,1.25\nB,2021-06-03,,1.25\nC,2021-06-03,north,1.25\nD,2021-06-03,52.5,181\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 00:00 day (1.2500 52.5000)", "line 3: lat: a longitude without a latitude", "line 4: lat: not a number of degrees", "line 5: lon: beyond 180 degrees"}},
		{"a town and a postcode", "a.csv", "ref,date,town,postcode\nA,2021-06-03,Exham,EX1 1AA\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 00:00 day"}},
		{"a reported date without a day", "a.csv", "ref,date,location,reported\nA,2021-06-03,x y,2021-06-04\nB,2021-06-03,x y,soon\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 00:00 day reported 2021-06-04 00:00", "line 3: reported: not a date"}},
		{"the Irish grid, which is not the British", "a.csv", "ref,date,location,Irish Grid Easting,Irish Grid Northing\nA,2021-06-03,x y,350500,381900\n", Options{Zone: zone(t, "Europe/London")},
			[]string{"every column used", "2 A 2021-06-03 00:00 day (-5.6684 54.6627)"}},
		{"Irish Transverse Mercator by its name", "a.csv", "ref,date,location,X (ITM),Y (ITM)\nA,2021-06-03,x y,715830,734697\n", Options{Zone: zone(t, "Europe/London")},
			[]string{"every column used", "2 A 2021-06-03 00:00 day (-6.2602 53.3498)"}},
		{"eastings in Ireland", "a.csv", "ref,date,location,Easting,Northing\nA,2021-06-03,x y,534500,725500\n", Options{Zone: zone(t, "Europe/Dublin")},
			[]string{"every column used", "2 A 2021-06-03 00:00 day (-8.9821 53.2758)"}},
		{"one row, its day as midnight in UTC beside its hour", "a.csv", "id,OCC_DATE,OCC_HOUR,location\nA,2021-01-05 05:00:00,14,x y\n", Options{Zone: zone(t, "America/Toronto")},
			[]string{"every column used", "2 A 2021-01-05 14:00 to 2021-01-05 15:00"}},
		{"the same far in the east, where that midnight is of the day before", "a.csv", "id,occurred,time,location\nA,2021-01-04 11:00:00,14:30,x y\nB,2021-01-05 11:00:00,1105,x y\n", Options{Zone: zone(t, "Pacific/Auckland")},
			[]string{"every column used", "2 A 2021-01-05 14:30", "3 B 2021-01-06 11:05"}},
		{"two times of day, of which neither is a midnight", "a.csv", "id,OCC_DATE,OCC_HOUR,location\nA,2021-01-05 05:00:00,14,x y\nB,2021-01-06 06:30:00,6,x y\n", Options{Zone: zone(t, "Europe/London")},
			[]string{"every column used", "two times of day in 1 row: read is that in OCC_DATE, not that of OCC_HOUR", "2 A 2021-01-05 05:00", "3 B 2021-01-06 06:30"}},
		{"an hour of its own at either end, as Berlin has it", "a.csv", "ANGELEGT_AM,TATZEIT_ANFANG_DATUM,TATZEIT_ANFANG_STUNDE,TATZEIT_ENDE_DATUM,TATZEIT_ENDE_STUNDE,TATORT,DELIKT,VORGANGSNUMMER\n13.07.2025,12.07.2025,22,13.07.2025,5,Ringstraße 3,Diebstahl,V1\n15.07.2025,14.07.2025,0,14.07.2025,0,Ringstraße 4,Diebstahl,V2\n", Options{Zone: zone(t, "Europe/Berlin")},
			[]string{"dates day first: 2 rows prove it; offence from DELIKT; not used: 1 column", "2 V1 2025-07-12 22:00 to 2025-07-13 06:00", "3 V2 2025-07-14 00:00 to 2025-07-14 01:00"}},
		{"the start of the inquiry beside the event, as Mexico City has it", "a.csv", "folio,fecha_inicio,hora_inicio,fecha_hecho,hora_hecho,delito,calle_hecho\nC1,2025-09-02,09:00:00,2025-09-01,13:13:00,ROBO,CALLE MADERO\nC2,2025-09-03,10:00:00,2025-09-02,23:40:00,ROBO,AVENIDA SUR\n", Options{},
			[]string{"offence from delito; not used: 2 columns", "2 C1 2025-09-01 13:13", "3 C2 2025-09-02 23:40"}},
		{"a Brazilian export", "a.csv", "NUM_BO;DATA_OCORRENCIA_BO;HORA_OCORRENCIA_BO;RUBRICA;LOGRADOURO;NUMERO_LOGRADOURO;CIDADE;LATITUDE;LONGITUDE\nB1;24/03/2025;22:38:00;FURTO;RUA AUGUSTA;100;S.PAULO;-23,55;-46,65\nB2;25/03/2025;01:02:00;ROUBO;RUA AUGUSTA;104;S.PAULO;-23,56;-46,66\n", Options{},
			[]string{"dates day first: 2 rows prove it; offence from RUBRICA", "2 B1 2025-03-24 22:38 (-46.6500 -23.5500)", "3 B2 2025-03-25 01:02 (-46.6600 -23.5600)"}},
		{"New Zealand's grid by its name", "a.csv", "File Number,Occurrence Start,Offence Description,Scene Address,Scene Suburb,NZTM Easting,NZTM Northing\nN1,13-Jan-25 01:03,Burglary,4 Cuba Street,Te Aro,1748916,5427356\n", Options{Zone: zone(t, "Pacific/Auckland")},
			[]string{"offence from Offence Description", "2 N1 2025-01-13 01:03 (174.7785 -41.2915)"}},
		{"neither grid of Ireland", "a.csv", "ref,date,location,Irish Grid Easting,Irish Grid Northing\nA,2021-06-03,x y,450500,381900\n", Options{Zone: zone(t, "Europe/London")},
			[]string{"every column used", "coordinates Irish Grid Easting, Irish Grid Northing not used: name their system with --crs EPSG:CODE", "2 A 2021-06-03 00:00 day"}},
		{"Dutch compounds, a street and a town", "a.csv", "Registratienr;Maatschappelijke klasse;Begindatum pleeg;Begintijd pleeg;Einddatum pleeg;Eindtijd pleeg;Pleegstraat;Huisnr;Pleegplaats\nP1;Diefstal;22-09-2025;01:53;22-09-2025;10:53;Kerkstraat;4;Deventer\nP2;Vernieling;23-09-2025;21:00;24-09-2025;06:00;Dorpsweg;5;Deventer\n", Options{},
			[]string{"dates day first: 2 rows prove it; offence from Maatschappelijke klasse", "2 P1 2025-09-22 01:53 to 2025-09-22 10:53", "3 P2 2025-09-23 21:00 to 2025-09-24 06:00"}},
		{"a number of a crime is no offence", "a.csv", "Crime Report No|Crime Title|Locus|Date Committed From|Time Committed From\nCR/01/25|Housebreaking|5 Bath Street|22/07/2025|0559\nCR/02/25|Robbery|6 Bath Street|17/05/2025|1324\n", Options{},
			[]string{"dates day first: 2 rows prove it; offence from Crime Title", "2 CR/01/25 2025-07-22 05:59", "3 CR/02/25 2025-05-17 13:24"}},
		{"a register of first information reports", "a.csv", "Sl. No.,FIR No.,Date of Occurrence,Place of Occurrence,Municipality,Rpt Time\n1,51/2025,24.12.2025,MG Road,Pune,25.12.2025 0900\n2,52/2025,25.12.2025,Fort Road,Pune,26.12.2025 1000\n", Options{},
			[]string{"dates day first: 2 rows prove it; not used: 1 column", "2 51/2025 2025-12-24 00:00 day reported 2025-12-25 09:00", "3 52/2025 2025-12-25 00:00 day reported 2025-12-26 10:00"}},
		{"a header of two lines, some of its cells in the upper alone", "a.csv", "Burglaries,,,,,,\n,,,,,,\nCrime,Committed,,Address,,Offence,Officer\nNo.,From,To,Street,Town,,\nA1,13/11/2025 21:30,14/11/2025 06:10,14 Mill Lane,Elsing,Burglary,1234\n", Options{},
			[]string{"dates day first: 1 row proves it; offence from Offence; not used: 1 column", "3 rows above the header on line 4", "5 A1 2025-11-13 21:30 to 2025-11-14 06:10"}},
		{"nothing but a header", "a.csv", "ref,date,location\n", Options{},
			[]string{"error: a.csv has a header and no rows | export it again"}},
		{"no row of JSON", "a.jsonl", "[]\n", Options{},
			[]string{"error: a.jsonl has no rows | export it again"}},
		{"no row of JSON, on a quiet night", "a.jsonl", "[]\n", Options{Quiet: true},
			[]string{"every column used"}},
		{"keys of different objects", "a.jsonl", "{\"ref\":\"A\",\"date\":\"2021-06-03\",\"address\":\"x y\"}\n{\"id\":\"B\",\"date\":\"2021-06-03\",\"place\":\"x y\"}\n{\"ref\":\n", Options{},
			[]string{"not used: 1 column", "1 A 2021-06-03 00:00 day", "2 B 2021-06-03 00:00 day", "line 3: not one JSON object"}},
		{"a suffix and a final code in short", "a.csv", "ref,final code,date,streetname,StreetSfx\nA,Burglary,2021-06-03,Main,ST\nB,Robbery,2021-06-04,Oak,AVE\n", Options{},
			[]string{"offence from final code", "2 A 2021-06-03 00:00 day", "3 B 2021-06-04 00:00 day"}},
		{"a place beside a street is the town", "a.csv", "ref;date;street;place\nA;2021-06-03;x y;Elsing\nB;2021-06-04;x z;Dereham\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 00:00 day", "3 B 2021-06-04 00:00 day"}},
		{"a place beside an address is the town", "a.csv", "ref,date,address,place\nA,2021-06-03,x y,Elsing\nB,2021-06-04,x z,Dereham\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 00:00 day", "3 B 2021-06-04 00:00 day"}},
		{"a place beside an address is a kind of premises", "a.csv", "ref,date,address,place\nA,2021-06-03,x y,Parking lot\nB,2021-06-04,x z,Residence\n", Options{},
			[]string{"not used: 1 column", "2 A 2021-06-03 00:00 day", "3 B 2021-06-04 00:00 day"}},
		{"both ends in one value", "a.csv", "Nr,Report,Date/Time (from - to),Address\n1,5001,16/11/2025 22:10 - 17/11/2025 06:30,x y\n2,5002,17/11/2025 22:10 – 06:30,x y\n3,5003,between 17/11/2025 09:10 and 09:55,x y\n4,5004,17/11/2025 - 19/11/2025,x y\n5,5005,17/11/2025 12:00,x y\n6,5006,17/11/2025 12:00 - late,x y\n", Options{},
			[]string{"dates day first: 6 rows prove it; not used: 1 column", "2 5001 2025-11-16 22:10 to 2025-11-17 06:30", "3 5002 2025-11-17 22:10 to 2025-11-18 06:30", "4 5003 2025-11-17 09:10 to 2025-11-17 09:55",
				"5 5004 2025-11-17 00:00 to 2025-11-20 00:00", "6 5005 2025-11-17 12:00", "line 7: date: the clock time cannot be read"}},
		{"clocks with a hyphen are no offset", "a.csv", "ref,when,where\nA,17/11/2025 09:10-09:55,x y\nB,18/11/2025 14:05-14:20,x y\n", Options{},
			[]string{"dates day first: 2 rows prove it", "2 A 2025-11-17 09:10 to 2025-11-17 09:55", "3 B 2025-11-18 14:05 to 2025-11-18 14:20"}},
		{"offsets with a hyphen are no clock", "a.csv", "ref,when,where\nA,2025-11-17 09:10-05:00,x y\nB,2025-06-18 14:05-04:00,x y\n", Options{},
			[]string{"every column used", "2 A 2025-11-17 14:10", "3 B 2025-06-18 18:05"}},
		{"both clocks beside a date", "a.csv", "ref,date,times,where\nA,2025-11-17,0910-0955,x y\nB,2025-11-18,22:30 to 01:15,x y\nC,2025-11-18,22:30,x y\n", Options{},
			[]string{"every column used", "2 A 2025-11-17 09:10 to 2025-11-17 09:55", "3 B 2025-11-18 22:30 to 2025-11-19 01:15", "4 C 2025-11-18 22:30"}},
		{"days as a spreadsheet counts them", "a.csv", "ref,date and time,where\nA,45978.3819444444,x y\nB,45979,x y\n", Options{},
			[]string{"every column used", "the column date and time counts days as a spreadsheet does, and is read so", "2 A 2025-11-17 09:10", "3 B 2025-11-18 00:00 day"}},
		{"a day number and a part of a day", "a.csv", "ref,date,time,where\nA,45978,0.3819444444,x y\nB,45979,0,x y\n", Options{},
			[]string{"every column used", "the column date counts days as a spreadsheet does, and is read so", "the column time counts days as a spreadsheet does, and is read so", "2 A 2025-11-17 09:10", "3 B 2025-11-18 00:00"}},
		{"a day number among dates", "a.csv", "ref,date,where\nA,17/11/2025,x y\nB,45979,x y\n", Options{},
			[]string{"dates day first: 1 row proves it", "2 A 2025-11-17 00:00 day", "line 3: date: it looks like the day number of a spreadsheet: format the column as a date and export it again"}},
		{"midnight of another zone, and the hour beside it", "a.csv", "ref,occ_date,occ_hour,where\nA,11/17/2025 5:00:00 AM,16,x y\nB,6/18/2025 4:00:00 AM,0,x y\nC,6/19/2025 4:00:00 AM,7,x y\n", Options{},
			[]string{"dates month first: 3 rows prove it", "2 A 2025-11-17 16:00 to 2025-11-17 17:00", "3 B 2025-06-18 00:00 to 2025-06-18 01:00", "4 C 2025-06-19 07:00 to 2025-06-19 08:00"}},
		{"midnight of a zone to the east, shown the evening before", "a.csv", "ref,occ_date,occ_hour,where\nA,2025-11-16 19:00,16,x y\nB,2025-06-17 20:00,0,x y\nC,2025-06-18 20:00,7,x y\n", Options{},
			[]string{"every column used", "2 A 2025-11-17 16:00 to 2025-11-17 17:00", "3 B 2025-06-18 00:00 to 2025-06-18 01:00", "4 C 2025-06-19 07:00 to 2025-06-19 08:00"}},
		{"words of the offence before its code", "a.csv", "Item_No,Type,TypeText,TimeCreate,BLOCK_ADDRESS\nA-1,62A,BURGLARY,2025-11-17 16:00,1 Main St\nA-2,34,ROBBERY,2025-11-17 17:00,2 Main St\n", Options{},
			[]string{"offence from TypeText; not used: 1 column", "2 A-1 2025-11-17 16:00", "3 A-2 2025-11-17 17:00"}},
		{"abbreviations, a street in pieces, a grid by letters", "a.csv", "crime_no,off_type,earliest_dt,latest_dt,street_no,street_nm,town_nm,pc,osgr\nC1,Burglary,2025-11-17T09:00,2025-11-17T10:00,4,Quebec Street,Dereham,NR19 2AA,TF987133\nC2,Burglary,2025-11-18T09:00,2025-11-18T10:00,9,Norwich Road,Dereham,NR19 2AB,TF990133\n", Options{},
			[]string{"offence from off_type", "2 C1 2025-11-17 09:00 to 2025-11-17 10:00 (0.9388 52.6814) within 100 m", "3 C2 2025-11-18 09:00 to 2025-11-18 10:00 (0.9432 52.6813) within 100 m"}},
		{"grid references in the column of the place", "a.csv", "ref,occurred,location\nA,2025-11-17 09:00,TF 9870 1330\nB,2025-11-18 09:00,tf99001330\nC,2025-11-18 10:00,TI 123 456\n", Options{},
			[]string{"every column used", "2 A 2025-11-17 09:00 (0.9381 52.6810) within 10 m", "3 B 2025-11-18 09:00 (0.9425 52.6809) within 10 m", "4 C 2025-11-18 10:00"}},
		{"references to crimes that look like the grid", "a.csv", "case no,occurred,location\nHY411648,2025-11-17 09:00,x y\nHY411649,2025-11-18 09:00,x y\n", Options{},
			[]string{"every column used", "2 HY411648 2025-11-17 09:00", "3 HY411649 2025-11-18 09:00"}},
		{"a number sign, and clocks under hhmm", "a.csv", "Event #,Occ From Date,Occ From hhmm,Occ To Date,Occ To hhmm,Location\n25-1,11/17/25,905,11/17/25,1410,x y\n25-2,11/18/25,2330,11/19/25,5,x y\n", Options{},
			[]string{"dates month first: 2 rows prove it", "2 25-1 2025-11-17 09:05 to 2025-11-17 14:10", "3 25-2 2025-11-18 23:30 to 2025-11-19 00:05"}},
		{"German, the end of a time in two columns", "a.csv", "Vorgangsnummer;Tatzeit Beginn Datum;Tatzeit Beginn Uhrzeit;Tatzeit Ende Datum;Tatzeit Ende Uhrzeit;Tatort\nV1;17.11.2025;22:10;18.11.2025;06:30;Ringstraße 8\n", Options{},
			[]string{"dates day first: 1 row proves it", "2 V1 2025-11-17 22:10 to 2025-11-18 06:30"}},
		{"Dutch, with the names of months", "a.csv", "Zaaknummer;Delict;Pleegdatum;Pleegtijd;Straat;Huisnummer;Plaats\nZ1;Woninginbraak;17 maart 2025;22:10;Kerkstraat;4;Utrecht\nZ2;Diefstal;8 mei 2025;06:05;Dorpsweg;9;Utrecht\n", Options{},
			[]string{"offence from Delict", "2 Z1 2025-03-17 22:10", "3 Z2 2025-05-08 06:05"}},
		{"French, the sign of a number and the end in two columns", "a.csv", "N° de procédure;Infraction;Date début;Heure début;Date fin;Heure fin;Adresse\n2025/1;Vol;17/11/2025;22h15;18/11/2025;6h05;4 rue Pasteur\n", Options{},
			[]string{"dates day first: 1 row proves it; offence from Infraction", "2 2025/1 2025-11-17 22:15 to 2025-11-18 06:05"}},
		{"the number of a report is no house's", "a.csv", "Number,Type,Earliest Date,Street,Town\n36/10001/25,Burglary,2025-11-17 09:00,Quebec Street,Dereham\n36/10002/25,Robbery,2025-11-18 09:00,Norwich Road,Dereham\n", Options{},
			[]string{"offence from Type", "2 36/10001/25 2025-11-17 09:00", "3 36/10002/25 2025-11-18 09:00"}},
		{"an object with a point and an address", "a.jsonl", `{"incidentId":"N-1","type":{"code":"30C","label":"Burglary"},"occurred":{"start":"2025-11-17T09:00","end":"2025-11-17T12:00"},"place":{"address":"4 Quebec Street, Dereham","geo":{"lat":52.68,"lng":0.94}},"at":{"latitude":"52.68","longitude":"0.94","type":"Point","human_address":"{\"address\": \"4 Quebec Street\"}"}}` + "\n", Options{},
			[]string{"offence from type.label; not used: 2 columns", "1 N-1 2025-11-17 09:00 to 2025-11-17 12:00 (0.9400 52.6800)"}},
		{"degrees, minutes and seconds", "a.csv", "incident id,occurred,latitude,longitude\nA,2025-11-17 09:00,\"52°40'48\"\"N\",\"0°56'24\"\"E\"\nB,2025-11-18 09:00,S 33° 30',70.5° W\nC,2025-11-18 09:00,52°60'00\"N,0°56'24\"E\n", Options{},
			[]string{"every column used", "2 A 2025-11-17 09:00 (0.9400 52.6800)", "3 B 2025-11-18 09:00 (-70.5000 -33.5000)", "line 4: lat: not a number of degrees"}},
		{"lists of values under a list of columns", "a.json", `{"meta":{"view":{"columns":[{"name":"sid"},{"name":"Case Number"},{"name":"Date"},{"name":"Block"}]}},"data":[["r1","JX1","2025-11-17T09:00:00","1XX N STATE ST"],["r2","JX2","2025-11-18T09:00:00",null]]}`, Options{},
			[]string{"not used: 1 column", "several objects stand on one line: line 7 means the seventh object", "1 JX1 2025-11-17 09:00", "2 JX2 2025-11-18 09:00"}},
		{"lists of values under a list of fields", "a.json", `{"fields":[{"type":"int","id":"_id"},{"type":"text","id":"Case Number"},{"type":"timestamp","id":"Date"},{"type":"text","id":"Block"}],` + "\n" + `"records":[[1,"JX1","2025-11-17T09:00:00","1XX N STATE ST"],` + "\n" + `[2,"JX2","2025-11-18T09:00:00",null]]}`, Options{},
			[]string{"not used: 1 column", "2 JX1 2025-11-17 09:00", "3 JX2 2025-11-18 09:00"}},
		{"lines that end in a carriage return", "a.csv", "ref,date,location\rA,2025-11-17,\"x y,\rx\"\rB,soon,x y\r", Options{},
			[]string{"every column used", "2 A 2025-11-17 00:00 day", "line 4: date: not a date"}},
		{"a collection of features, one a line", "a.geojson", `{"type":"FeatureCollection", "features": [` + "\n" + `{"type":"Feature","properties":{"ref":"A","occurred":"2025-11-17 09:00"},"geometry":{"type":"Point","coordinates":[0.94,52.68]}},` + "\n" + `{"type":"Feature","properties":{"ref":"B","occurred":"2025-11-18 09:00"},"geometry":null}` + "\n]}\n", Options{},
			[]string{"every column used", "2 A 2025-11-17 09:00 (0.9400 52.6800)", "3 B 2025-11-18 09:00"}},
		{"features on the National Grid", "a.geojson", `{"type":"FeatureCollection","features":[` + "\n" + `{"type":"Feature","properties":{"ref":"A","occurred":"2025-11-17 09:00"},"geometry":{"type":"Point","coordinates":[605000,316500]}}]}`, Options{Zone: zone(t, "Europe/London")},
			[]string{"every column used", "2 A 2025-11-17 09:00 (1.0330 52.7073)"}},
		{"features that are no points", "a.geojson", `{"type":"FeatureCollection","features":[` + "\n" + `{"type":"Feature","properties":{"ref":"A","occurred":"2025-11-17 09:00"},"geometry":{"type":"Polygon","coordinates":[[[1,52],[1,53],[2,53],[1,52]]]}},` + "\n" + `{"type":"Feature","properties":{"ref":"B","occurred":"2025-11-17 09:00"},"geometry":{"type":"MultiPoint","coordinates":[[1,52]]}}]}`, Options{},
			[]string{"every column used", "line 2: point: a line, an area or several points, not one point", "3 B 2025-11-17 09:00 (1.0000 52.0000)"}},
		{"no place but on a plane that is not known", "a.csv", "ref,date,x,y\nA,2025-11-17,490612,5459000\n", Options{},
			[]string{`error: a.csv has no place but the columns "x" and "y", whose plane is not known | spreewatch ingest --crs EPSG:CODE a.csv`}},
		{"no header but a report, of which nothing is shown", "a.csv", "A,17/11/2025 09:00,Mill Lane\nB,18/11/2025 09:00,High Street\n", Options{},
			[]string{"error: a.csv has no header: line 1, where the names of the columns should be, holds a date | write one as its first line, such as ref,offence,date,location"}},
		{"a header that comes again", "a.csv", "Ref,Date,Location\nA,17/11/2025,x y\n REF ,Date,Location\nB,18/11/2025,x y\n", Options{},
			[]string{"dates day first: 2 rows prove it", "2 A 2025-11-17 00:00 day", "line 3: the row is the header again", "4 B 2025-11-18 00:00 day"}},
		{"a header on two lines of one cell", "a.csv", "Ref,\"Offence\n(HO class)\",Date,Location\nA,Theft,2025-11-17,x y\n", Options{Columns: map[Field]string{Offence: "Offence (HO class)"}},
			[]string{"offence from Offence (HO class)", "3 A 2025-11-17 00:00 day"}},
		{"a clock with a dot among clocks without", "a.csv", "Ref,Date,Time,Location\nA,2025-11-17,18.00,x y\nB,2025-11-17,1830,x y\nC,2025-11-17,9.00,x y\nD,2025-11-17,915.0,x y\n", Options{},
			[]string{"every column used", "2 A 2025-11-17 18:00", "3 B 2025-11-17 18:30", "4 C 2025-11-17 09:00", "5 D 2025-11-17 09:15"}},
		{"coordinates that are withheld in a word", "a.csv", "Ref,Date,Lat,Lon,Location\nA,2025-11-17,52.5,1.25,x y\nB,2025-11-17,Withheld,Withheld,x y\n", Options{},
			[]string{"every column used", "2 A 2025-11-17 00:00 day (1.2500 52.5000)", "3 B 2025-11-17 00:00 day"}},
		{"eastings with a comma between thousands", "a.csv", "Ref;Date;Easting;Northing\nA;2025-11-17;605,000;316,500\n", Options{Zone: zone(t, "Europe/London")},
			[]string{"every column used", "2 A 2025-11-17 00:00 day (1.0330 52.7073)"}},
		{"degrees with a comma before three decimals", "a.csv", "Ref;Date;X;Y\nA;2025-11-17;1,033;52,707\n", Options{Zone: zone(t, "Europe/London")},
			[]string{"every column used", "2 A 2025-11-17 00:00 day (1.0330 52.7070)"}},
		{"latitude and longitude swapped in all rows", "a.csv", "Ref,Date,Latitude,Longitude\nA,2025-11-17,0.94,52.68\nB,2025-11-17,0.95,52.69\n", Options{Zone: zone(t, "Europe/London")},
			[]string{"every column used", "the points lie hours away from the clock of Europe/London, and would not with latitude and longitude swapped: name their columns, or the zone with --timezone", "2 A 2025-11-17 00:00 day (52.6800 0.9400)", "3 B 2025-11-17 00:00 day (52.6900 0.9500)"}},
		{"points of China in China's clock", "a.csv", "Ref,Date,Latitude,Longitude\nA,2025-11-17,39.47,75.99\n", Options{Zone: zone(t, "Asia/Shanghai")},
			[]string{"every column used", "2 A 2025-11-17 00:00 day (75.9900 39.4700)"}},
		{"times of day on the day that a spreadsheet counts from", "a.csv", "Ref,Date From,Time From,Date To,Time To,Location\nA,17/11/2025,30/12/1899 22:10,18/11/2025,30/12/1899 06:30,x y\n", Options{},
			[]string{"dates day first: 1 row proves it", "2 A 2025-11-17 22:10 to 2025-11-18 06:30"}},
		{"a line drawn below the header", "a.csv", "Ref,Date,Location\n----,-----------,--------\nA,17/11/2025,x y\n", Options{},
			[]string{"dates day first: 1 row proves it", "3 A 2025-11-17 00:00 day"}},
		{"one column, by no separator that is known", "a.csv", "Ref^Date^Location\nA^17/11/2025^x y\n", Options{},
			[]string{"error: a.csv has one column: commas, semicolons, tabs or bars divide none of its first lines into more | export it again as .csv"}},
		{"am and pm in columns of their own", "a.csv", "Ref,Date,From,AM/PM,To,AM/PM,Location\nA,2025-11-17,10:15,PM,11:30,p.m.,x y\nB,2025-11-17,1015,AM,1145,am,x y\nC,2025-11-17,14:00,,15:00,,x y\n", Options{},
			[]string{"every column used", "2 A 2025-11-17 22:15 to 2025-11-17 23:30", "3 B 2025-11-17 10:15 to 2025-11-17 11:45", "4 C 2025-11-17 14:00 to 2025-11-17 15:00"}},
		{"both coordinates as maps on the web copy them", "a.csv", "Ref|Date|Coordinates\nA|2025-11-17|52°40'48.0\"N 0°56'24.0\"W\nB|2025-11-17|N52.68, E0.94\nC|2025-11-17|52,68; 0,94\nD|2025-11-17|52.6801 0.9401\nE|2025-11-17|(52.68 , 0.94)\n", Options{},
			[]string{"every column used", "2 A 2025-11-17 00:00 day (-0.9400 52.6800)", "3 B 2025-11-17 00:00 day (0.9400 52.6800)", "4 C 2025-11-17 00:00 day (0.9400 52.6800)", "5 D 2025-11-17 00:00 day (0.9401 52.6801)", "6 E 2025-11-17 00:00 day (0.9400 52.6800)"}},
		{"a point in metres in one value", "a.csv", "Ref,Date,WKT\nA,2025-11-17,POINT (605000 316500)\n", Options{Zone: zone(t, "Europe/London")},
			[]string{"every column used", "2 A 2025-11-17 00:00 day (1.0330 52.7073)"}},
		{"a point in metres of nobody knows what", "a.csv", "Ref,Date,WKT\nA,2025-11-17,POINT (605000 316500)\n", Options{},
			[]string{"every column used", "line 2: point: no longitude and latitude, and no plane is known that it is on: --crs EPSG:CODE names one"}},
		{"objects over several lines, one after another", "a.json", "{\n \"ref\": \"A\",\n \"date\": \"2025-11-17\", \"location\": \"x y\"\n}\n{\n \"ref\": \"B\",\n \"date\": \"soon\", \"location\": \"x y\"\n}\n", Options{},
			[]string{"every column used", "1 A 2025-11-17 00:00 day", "line 5: date: not a date"}},
		{"a list of documents", "a.json", `{"response":{"numFound":1,"docs":[{"ref":"A","date":"2025-11-17","location":"x y"}]}}`, Options{},
			[]string{"every column used", "1 A 2025-11-17 00:00 day"}},
		{"lists that nothing names the values of", "a.json", `[["ref","date"],["A","2025-11-17"]]`, Options{},
			[]string{"error: a.json has nothing that is one JSON object a line, nor an array of objects | write one JSON object a line"}},
		{"text that a spreadsheet is kept from changing", "a.csv", "Ref,Date,Location\n=\"0012\",=\"17/11/2025 09:00\",x y\n", Options{},
			[]string{"dates day first: 1 row proves it", "2 0012 2025-11-17 09:00"}},
		{"a list of values shorter than its columns", "a.json", `{"columns":["ref","date","location"],"data":[["A","2025-11-17"]]}`, Options{},
			[]string{"error: a.json has a list of values without as many names of columns | write one JSON object a line"}},
		{"Spanish and Italian, references by other words", "a.csv", "Nº Atestado;Tipo de hecho;Fecha hecho;Hora hecho;Dirección\nAT-1/25;Robo;17/11/2025;22:10;Calle Mayor 4\nAT-2/25;Hurto;18/11/2025;06:05;Plaza Nueva 9\n", Options{},
			[]string{"dates day first: 2 rows prove it; offence from Tipo de hecho", "2 AT-1/25 2025-11-17 22:10", "3 AT-2/25 2025-11-18 06:05"}},
		{"Italian, with the end in two columns", "a.csv", "N. pratica;Reato;Data inizio;Ora inizio;Data fine;Ora fine;Via;Civico;Comune\n7/2025;Furto;17/11/2025;22.10;18/11/2025;06.05;Via Garibaldi;4;Torino\n8/2025;Rapina;18/11/2025;22.10;18/11/2025;23.05;Corso Roma;9;Torino\n", Options{},
			[]string{"dates day first: 2 rows prove it; offence from Reato", "2 7/2025 2025-11-17 22:10 to 2025-11-18 06:05", "3 8/2025 2025-11-18 22:10 to 2025-11-18 23:05"}},
		{"between and and", "a.csv", "Ref;Committed Between;And;Location\n1;17/11/25 @ 09:00;17/11/25 @ 10:00;x y\n", Options{},
			[]string{"dates day first: 1 row proves it", "2 1 2025-11-17 09:00 to 2025-11-17 10:00"}},
		{"degrees with the letters of their halves", "a.csv", "Occurrence,Start,Lat/Long\n1,2025-07-17T09:00,\"52.68N, 0.94W\"\n2,2025-07-18T09:00,\"52.69°N, 0.95°W\"\n", Options{},
			[]string{"every column used", "2 1 2025-07-17 09:00 (-0.9400 52.6800)", "3 2 2025-07-18 09:00 (-0.9500 52.6900)"}},
		{"objects within objects", "a.jsonl", `{"id":"N-1","offence":{"code":"28E","name":"Burglary"},"occurred":{"from":"2025-11-17T09:00","to":"2025-11-17T12:00"},"address":{"number":"4","street":"Quebec Street"},"at":{"lat":52.68,"lon":0.94}}` + "\n", Options{},
			[]string{"offence from offence.name; not used: 1 column", "1 N-1 2025-11-17 09:00 to 2025-11-17 12:00 (0.9400 52.6800)"}},
		{"a collection of features on one line", "a.geojson", `{"type":"FeatureCollection","bbox":[0,0,1,1],"features":[{"type":"Feature","properties":{"ref":"A","occurred":"2025-11-17 09:00"},"geometry":{"type":"Point","coordinates":[0.94,52.68]}},{"type":"Feature","properties":{"ref":"B","occurred":"2025-11-18 09:00"},"geometry":null}]}`, Options{},
			[]string{"every column used", "several objects stand on one line: line 7 means the seventh object", "1 A 2025-11-17 09:00 (0.9400 52.6800)", "2 B 2025-11-18 09:00"}},
		{"a list in the wrapping of a service", "a.json", `{"count":1,"links":["x"],"data":[{"ref":"A","date":"2025-11-17","time":"09:00","location":"x y"}]}`, Options{},
			[]string{"every column used", "1 A 2025-11-17 09:00"}},
		{"a row too long", "a.csv", "ref,date,location\nA,2021-06-03,x y,z\nB,2021-06-03\nC,2021-06-03,x y\n", Options{},
			[]string{"every column used", "line 2: the row has 4 columns, the header 3", "line 3: the row has 2 columns, the header 3", "4 C 2021-06-03 00:00 day"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, readText(t, tt.file, tt.text, tt.o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// An address in numbered lines is read whole, also where settings name the first of
// them, and a number beside addresses that have theirs is the report's.
func TestAddressLines(t *testing.T) {
	const text = "Number|When|Address 1|Address 2|Address 3|Postcode\nA1|2025-11-17 09:10|Flat 2|4 Quebec Street|Dereham|NR19 2AA\nA2|2025-11-17 09:10|9 Norwich Road||Dereham|\n"
	for name, o := range map[string]Options{"by name": {}, "told": {Usual: map[Field]string{Location: "Address 1"}}} {
		in, err := FromReader("a.csv", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		in.AsTable()
		table, err := Read(in, o)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for row, err := range table.All() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, strings.Join([]string{row.Get(Ref), row.Get(HouseNumber), row.Get(Location), row.Get(Locality), row.Get(Postcode)}, "|"))
		}
		if diff := cmp.Diff([]string{"A1||Flat 2, 4 Quebec Street, Dereham||NR19 2AA", "A2||9 Norwich Road, Dereham||"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if unused := table.Layout.Unused(); len(unused) != 0 {
			t.Errorf("%s: not used: %v", name, unused)
		}
	}
}

// What cannot be read says why, and what to do about it.
func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, strings.Repeat("ref,date,location\n", 5000))
	z.Close()
	var damaged bytes.Buffer
	w := zip.NewWriter(&damaged)
	f, _ := w.Create("a.csv")
	io.WriteString(f, strings.Repeat("ref,date,location\nA,2021-06-03,x y\n", 100))
	w.Close()
	spoilt := bytes.Clone(damaged.Bytes())
	for i := 40; i < 60; i++ {
		spoilt[i] ^= 0x5a
	}
	for name, tt := range map[string]struct {
		content []byte
		want    string
	}{
		"empty.csv":   {nil, "empty.csv is empty"},
		"blank.csv":   {[]byte(" \n\n"), "blank.csv is empty"},
		"old.xls":     {[]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, "old.xls is an old or a protected workbook"},
		"named.xlsx":  {[]byte("ref,date\n"), "named.xlsx is named as a workbook but is none"},
		"picture":     {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"), "picture is not text"},
		"cut.csv.gz":  {packed.Bytes()[:packed.Len()-12], "cut.csv.gz is cut off"},
		"bad.csv.gz":  {append([]byte{0x1f, 0x8b, 9, 9}, "nothing of the kind"...), "bad.csv.gz is a damaged gzip file"},
		"damaged.zip": {spoilt, "damaged.zip is a damaged zip"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, tt.content, 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := Open(path, nil)
		if err == nil {
			in.AsTable()
			_, err = Read(in, Options{})
		}
		var whole *Error
		if !errors.As(err, &whole) || whole.Msg != tt.want || whole.Hinted() == "" {
			t.Errorf("%s: %v, want %q and a hint", name, err, tt.want)
		}
	}
	if _, err := Open(dir, nil); err == nil || !strings.Contains(err.Error(), "is a folder, not a file of reports") {
		t.Errorf("a folder: %v", err)
	}
	if err := OpenError("a.csv", fs.ErrPermission); err.Error() != "a.csv may not be read by you" {
		t.Error(err)
	}
	cause := errors.New("the disk is gone")
	err := OpenError("a.csv", &fs.PathError{Op: "open", Path: "/b/a.csv", Err: cause})
	if !errors.Is(err, cause) || strings.Contains(err.Error(), "/b/") {
		t.Errorf("%v names the folder, or not the cause", err)
	}
}

// A workbook that was gzipped is one.
func TestPackedWorkbook(t *testing.T) {
	f := excelize.NewFile()
	f.SetSheetRow("Sheet1", "A1", &[]any{"ref", "date", "location"})
	f.SetSheetRow("Sheet1", "A2", &[]any{"A", "2021-06-03", "x y"})
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := f.Write(z); err != nil {
		t.Fatal(err)
	}
	z.Close()
	in, err := FromReader("a.xlsx.gz", &b)
	if err != nil || in.Kind != Workbook {
		t.Fatalf("%v, %v", in, err)
	}
	if diff := cmp.Diff([]string{"every column used", "2 A 2021-06-03 00:00 day"}, readInput(t, in, Options{})); diff != "" {
		t.Error(diff)
	}
}

// A cell is what a person sees in it where that is a date, a time or a reference,
// and what is stored where it is not.
func TestCellText(t *testing.T) {
	for _, tt := range []struct{ stored, shown, want string }{
		{"text", "text", "text"},
		{"123", "0000123", "0000123"},
		{"3.60123E11", "3.60E+11", "360123000000"},
		{"44350", "03/06/2021", "2021-06-03"},
		{"44350", "3 June", "2021-06-03"},
		{"44350.5", "03/06/2021", "2021-06-03 12:00:00"},
		{"44350", "03/06/2021 00:00", "2021-06-03 00:00:00"},
		{"0.75", "18:00", "18:00:00"},
		{"44350", "44350", "44350"},
		{"44350", "-44350", "44350"},
		{"-1", "-1:00", "-1"},
		{"12.5", "12.50 m", "12.5"},
	} {
		if got := cellText(tt.stored, tt.shown, false); got != tt.want {
			t.Errorf("%s shown as %s: %q, want %q", tt.stored, tt.shown, got, tt.want)
		}
	}
	if got := cellText("42888", "03/06/2021", true); got != "2021-06-03" {
		t.Errorf("counted from 1904: %q", got)
	}
}

func TestRowFields(t *testing.T) {
	in, _ := FromReader("a.csv", strings.NewReader("ref,date,lat,lon\nA,2021-06-03,52.5,1.25\nB,2021-06-03,,1.25\nC,2021-06-03,0,0\n"))
	in.AsTable()
	table, err := Read(in, Options{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if !table.Placed() || table.Metres() {
		t.Errorf("placed %v, metres %v", table.Placed(), table.Metres())
	}
	var got []string
	for row := range table.All() {
		_, degrees := row.Degrees()
		_, _, point := row.Point()
		got = append(got, row.Get(Ref)+" "+string(row.TimeField()))
		for _, err := range []error{degrees, point} {
			if err != nil {
				got = append(got, err.Error()+map[bool]string{true: ", withheld"}[Withheld(err)])
			}
		}
	}
	want := []string{"A date", "B date", "lat: is empty", "lat: a longitude without a latitude", "C date", "lat: the coordinates are 0, 0, which is no place, withheld"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A text that is a table by its shape alone is one, and what a program made for
// another to show is named.
func TestTablesAndMarkupAreNoProse(t *testing.T) {
	for _, tt := range []struct {
		name, text, want string
		kind             Kind
	}{
		{"a.txt", "Alpha;Beta;Gamma\n12.03.2024;10:00;Rue X 4\n13.03.2024;11:00;Rue Y 5\n", "", CSV},
		{"a.md", "ref,offence,location,from\nA,b,c d,2021-06-03\n", "", CSV},
		{"a.md", "| Date | Street |\n|---|---|\n| 3 June | Mill Street |\n", "", Prose},
		{"a.md", "{ref, offence}\n", "", Prose},
		{"a.txt", "On Monday, at noon, a car, red, was taken.\nOn 4 June, at 10:15, it was found, burnt, in a field.\nCall 101, or write, or come, please.\n", "", Prose},
		{"a.txt", "Monday, noon, Mill Street\nTuesday 4, 10:15, Mill Street\nnothing\n", "", Prose},
		{"a.txt", " <!DOCTYPE html>\n<p>On 4 June</p>", "a.txt is a web page (HTML), not text", 0},
		{"a.csv", "<html><body>log in</body></html>", "a.csv is a web page (HTML), not text", 0},
		{"a.xls", "<table><tr><td>ref</td></tr></table>", "a.xls is a table of a web page (HTML), not text", 0},
		{"a.txt", "<?xml version=\"1.0\"?><kml/>", "a.txt is XML, not text", 0},
		{"a.txt", "{\\rtf1 On 4 June}", "a.txt is a document of a word processor (RTF), not text", 0},
		{"a.txt", "%PDF-1.7 and so on", "a.txt is a PDF, not text", 0},
	} {
		in, err := FromReader(tt.name, strings.NewReader(tt.text))
		switch {
		case tt.want != "":
			if err == nil || err.Error() != tt.want {
				t.Errorf("%q: %v, want %q", tt.text, err, tt.want)
			}
		case err != nil:
			t.Errorf("%q: %v", tt.text, err)
		case in.Kind != tt.kind:
			t.Errorf("%q is %s, want %s", tt.text, in.Kind, tt.kind)
		}
	}
}

func TestAstray(t *testing.T) {
	near := []orb.Point{{1, 52.5}, {1.1, 52.6}, {1.2, 52.7}, {1, 52.7}}
	for _, tt := range []struct {
		p    orb.Point
		want string
	}{
		{orb.Point{1.3, 52.9}, ""},
		{orb.Point{-1.2, 52.5}, ""}, // a neighbouring force
		{orb.Point{}, "the coordinates are 0, 0, which is no place"},
		{orb.Point{52.5, 1}, "latitude and longitude seem to be swapped"},
		{orb.Point{1, -52.5}, "a coordinate seems to have lost its sign"},
		{orb.Point{-91.68, 36.61}, "hundreds of kilometres from all others"},
	} {
		if got := Astray(tt.p, near); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.p, got, tt.want)
		}
	}
	if got := Astray(orb.Point{52.5, 1}, near[:2]); got != "" {
		t.Errorf("of two others: %q", got)
	}
}
