package intake

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestLayouts reads invented rows in the columns of public and police systems as a
// newcomer would: nothing is named but the zone.
func TestLayouts(t *testing.T) {
	tests := []struct {
		name, zone, text string
		want             []string // ref | location | offence | from to | lon lat
	}{
		{"Seattle", "America/Los_Angeles", "Report Number,Offense ID,Offense Start DateTime,Offense End DateTime,Report DateTime,Group A B,Crime Against Category,Offense Parent Group,Offense,Offense Code,Precinct,Sector,Beat,MCPP,100 Block Address,Longitude,Latitude\n" +
			"2020-044620,12605873663,02/05/2020 10:10:00 AM,02/05/2020 11:20:00 AM,02/05/2020 11:24:31 AM,A,PROPERTY,BURGLARY,Burglary/Breaking & Entering,220,W,Q,Q1,MAGNOLIA,32XX BLOCK OF 23RD AVE W,-122.385974,47.649387\n" +
			"2020-044452,12605598696,02/13/2020 02:00:00 AM,,02/13/2020 04:08:41 AM,A,PROPERTY,LARCENY-THEFT,Theft From Motor Vehicle,23F,N,J,J3,ROOSEVELT,63XX BLOCK OF 5TH AVE NE,-122.323399,47.675118\n",
			[]string{
				"2020-044620 | 32XX BLOCK OF 23RD AVE W | Burglary/Breaking & Entering | 2020-02-05 10:10 to 2020-02-05 11:20 | -122.385974 47.649387",
				"2020-044452 | 63XX BLOCK OF 5TH AVE NE | Theft From Motor Vehicle | 2020-02-13 02:00 | -122.323399 47.675118",
			}},
		{"Victoria, a street whose kind stands apart", "Australia/Melbourne", "Incident Recorded Date,Incident Date From,Incident Time From,Incident Date To,Incident Time To,Offence Subdivision,Street Number,Street Name,Street Type,Suburb,Location Type\n" +
			"14/11/2025,13/11/2025,2130,14/11/2025,0610,B30 Burglary/Break and enter,12,Wattle,ST,Brunswick,House\n" +
			"16/11/2025,15/11/2025,0005,15/11/2025,0145,B40 Theft,,Acacia Av,AV,Preston,Street\n",
			[]string{
				"R | 12 Wattle ST, Brunswick | B30 Burglary/Break and enter | 2025-11-13 21:30 to 2025-11-14 06:10",
				"R | Acacia Av, Preston | B40 Theft | 2025-11-15 00:05 to 2025-11-15 01:45",
			}},
		{"an investigation's number, and the Home Office's class beside a group", "Europe/London", "Investigation Number,Incident Occurred Start,Incident Occurred End,Crime Group,HO Classification,Full Location,Beat Code,OIC\n" +
			"42/0012345/25,Fri 31-Oct-2025 22:00,Sat 01-Nov-2025 07:30,Acquisitive,28E Burglary - Residential,\"14 Mill Lane, Dereham\",DE01,1234 PC Smith\n",
			[]string{"42/0012345/25 | 14 Mill Lane, Dereham | 28E Burglary - Residential | 2025-10-31 22:00 to 2025-11-01 07:30"}},
		{"New York", "America/New_York", "CMPLNT_NUM,CMPLNT_FR_DT,CMPLNT_FR_TM,CMPLNT_TO_DT,CMPLNT_TO_TM,ADDR_PCT_CD,RPT_DT,KY_CD,OFNS_DESC,PD_CD,PD_DESC,CRM_ATPT_CPTD_CD,LAW_CAT_CD,BORO_NM,LOC_OF_OCCUR_DESC,PREM_TYP_DESC,X_COORD_CD,Y_COORD_CD,Latitude,Longitude,Lat_Lon\n" +
			"700000001,12/31/2019,23:50:00,01/01/2020,00:10:00,44,01/01/2020,107,BURGLARY,221,\"BURGLARY,RESIDENCE,DAY\",COMPLETED,FELONY,BRONX,INSIDE,RESIDENCE - APT. HOUSE,1004044,242533,40.8323,-73.9195,\"(40.8323, -73.9195)\"\n" +
			"700000002,01/02/2020,09:00:00,,,14,01/02/2020,109,GRAND LARCENY,438,\"LARCENY,GRAND FROM BUILDING\",COMPLETED,FELONY,MANHATTAN,FRONT OF,STREET,987654,213456,40.7526,-73.9871,\"(40.7526, -73.9871)\"\n",
			[]string{
				"700000001 | BRONX | BURGLARY | 2019-12-31 23:50 to 2020-01-01 00:10 | -73.9195 40.8323",
				"700000002 | MANHATTAN | GRAND LARCENY | 2020-01-02 09:00 | -73.9871 40.7526",
			}},
		{"data.police.uk", "Europe/London", "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n" +
			"a1f0,2026-01,Norfolk Constabulary,Norfolk Constabulary,0.9435,52.6801,On or near Church Street,E01026490,Breckland 004A,Burglary,Under investigation,\n" +
			",2026-02,Norfolk Constabulary,Norfolk Constabulary,0.9451,52.6822,On or near Norwich Road,E01026490,Breckland 004A,Anti-social behaviour,,\n",
			[]string{
				"a1f0 | On or near Church Street | Burglary | 2026-01-01 00:00 to 2026-02-01 00:00 | 0.9435 52.6801",
				"R | On or near Norwich Road | Anti-social behaviour | 2026-02-01 00:00 to 2026-03-01 00:00 | 0.9451 52.6822",
			}},
		{"Los Angeles County", "America/Los_Angeles", "LURN_SAK,INCIDENT_DATE,INCIDENT_REPORTED_DATE,CATEGORY,STAT,STAT_DESC,ADDRESS,STREET,CITY,ZIP,INCIDENT_ID,REPORTING_DISTRICT,SEQ,GANG_RELATED,UNIT_ID,UNIT_NAME,LONGITUDE,LATITUDE,PART_CATEGORY\n" +
			"5000001,01/15/2021 07:30:00 PM,01/16/2021,BURGLARY,71,\"BURGLARY, RESIDENCE: Night\",\"1200 W AVENUE J, LANCASTER, CA 93534\",1200 W AVENUE J,LANCASTER,93534,021-00001-1131,1131,1,NO,CA0190042,LANCASTER,-118.15,34.69,1\n",
			[]string{"021-00001-1131 | 1200 W AVENUE J, LANCASTER, CA 93534 | BURGLARY | 2021-01-15 19:30 | -118.15 34.69"}},
		{"Toronto, UTC midnights with an hour beside", "America/Toronto", "X,Y,OBJECTID,EVENT_UNIQUE_ID,REPORT_DATE,OCC_DATE,REPORT_YEAR,REPORT_MONTH,REPORT_DAY,REPORT_DOY,REPORT_DOW,REPORT_HOUR,OCC_YEAR,OCC_MONTH,OCC_DAY,OCC_DOY,OCC_DOW,OCC_HOUR,DIVISION,LOCATION_TYPE,PREMISES_TYPE,UCR_CODE,UCR_EXT,OFFENCE,MCI_CATEGORY,HOOD_158,NEIGHBOURHOOD_158,LONG_WGS84,LAT_WGS84\n" +
			"-8809036.9,5431523.4,1,GO-20141260264,2014/01/01 05:00:00+00,2014/01/01 05:00:00+00,2014,January,1,1,Wednesday ,20,2014,January,1,1,Wednesday ,17,D13,House,House,2120,200,B&E,Break and Enter,171,Junction-Wallace Emerson (171),-79.4523,43.6640\n" +
			"-8809037.9,5431524.4,2,GO-20147000001,2014/07/02 04:00:00+00,2014/07/01 04:00:00+00,2014,July,2,183,Wednesday ,1,2014,July,1,182,Tuesday   ,0,D13,House,House,1610,210,Robbery - Mugging,Robbery,171,Junction-Wallace Emerson (171),-79.4533,43.6650\n",
			[]string{
				"GO-20141260264 |  | B&E | 2014-01-01 17:00 to 2014-01-01 18:00 | -79.4523 43.664",
				"GO-20147000001 |  | Robbery - Mugging | 2014-07-01 00:00 to 2014-07-01 01:00 | -79.4533 43.665",
			}},
		{"Baltimore", "America/New_York", "CrimeDate,CrimeTime,CrimeCode,Location,Description,Inside/Outside,Weapon,Post,District,Neighborhood,Longitude,Latitude,Location 1,Premise,vri_name1,Total Incidents\n" +
			"09/12/2017,2355,6J,1400 LIGHT ST,BURGLARY,I,,942,SOUTHERN,Federal Hill,-76.61200,39.27500,\"(39.2750000000, -76.6120000000)\",ROW/TOWNHO,,1\n" +
			"09/13/2017,5,3AF,NORTH AVE & CHARLES ST,ROBBERY - STREET,O,FIREARM,513,CENTRAL,Greenmount West,-76.61600,39.31100,\"(39.3110000000, -76.6160000000)\",STREET,,1\n",
			[]string{
				"R | 1400 LIGHT ST | BURGLARY | 2017-09-12 23:55 | -76.612 39.275",
				"R | NORTH AVE & CHARLES ST | ROBBERY - STREET | 2017-09-13 00:05 | -76.616 39.311",
			}},
		{"Detroit", "America/Detroit", "X,Y,crime_id,report_number,address,offense_description,offense_category,state_offense_code,arrest_charge,charge_description,incident_timestamp,incident_time,day_of_week,hour_of_day,year,scout_car_area,precinct,block_id,neighborhood,council_district,zip_code,longitude,latitude,ibr_date,oid\n" +
			"-83.1102,42.3991,3001,1812310123,W 7 Mile Rd & Livernois Ave,LARCENY - THEFT FROM BUILDING,LARCENY,2303,23003,LARCENY,2019/01/05 23:10:00+00,18:10,6,18,2019,1201,12,26163,Bagley,2,48221,-83.1102,42.3991,2019/01/07 12:00:00+00,1\n" +
			"-83.1002,42.3891,3002,1901010124,17100 Wyoming Ave,BURGLARY - ENTRY WITHOUT FORCE,BURGLARY,2203,22003,BURGLARY,2019/01/06 02:30:00+00,21:30,6,21,2019,1201,12,26163,Bagley,2,48221,-83.1002,42.3891,2019/01/07 12:00:00+00,2\n",
			[]string{
				"1812310123 | W 7 Mile Rd & Livernois Ave | LARCENY | 2019-01-05 18:10 | -83.1102 42.3991",
				"1901010124 | 17100 Wyoming Ave | BURGLARY | 2019-01-05 21:30 | -83.1002 42.3891",
			}},
		{"Austin", "America/Chicago", "Incident Number,Highest Offense Description,Highest Offense Code,Family Violence,Occurred Date Time,Occurred Date,Occurred Time,Report Date Time,Report Date,Report Time,Location Type,Address,Zip Code,Council District,APD Sector,PRA,Census Tract,Clearance Status,Clearance Date,UCR Category,Category Description,X-coordinate,Y-coordinate,Latitude,Longitude,Location\n" +
			"20195000001,BURGLARY OF VEHICLE,601,N,03/14/2019 07:00:00 PM,03/14/2019,1900,03/15/2019 08:00:00 AM,03/15/2019,800,PARKING LOTS / GARAGE,1100 S LAMAR BLVD,78704,5,DA,418,13.04,N,04/01/2019,23F,Theft,3108000,10065000,30.2569,-97.7624,\"(30.2569, -97.7624)\"\n" +
			"20195000002,THEFT,600,N,03/05/2019 12:05:00 AM,03/05/2019,5,03/05/2019 01:15:00 AM,03/05/2019,115,STREETS / HWY / ROAD / ALLEY,700 E 6TH ST,78701,9,GE,401,11,N,04/01/2019,23H,Theft,3115000,10070000,30.2669,-97.7371,\"(30.2669, -97.7371)\"\n",
			[]string{
				"20195000001 | 1100 S LAMAR BLVD | BURGLARY OF VEHICLE | 2019-03-14 19:00 | -97.7624 30.2569",
				"20195000002 | 700 E 6TH ST | THEFT | 2019-03-05 00:05 | -97.7371 30.2669",
			}},
		{"Philadelphia", "America/New_York", "the_geom,cartodb_id,the_geom_webmercator,objectid,dc_dist,psa,dispatch_date_time,dispatch_date,dispatch_time,hour,dc_key,location_block,ucr_general,text_general_code,point_x,point_y,lat,lng\n" +
			"0101000020E6,1,0101000020110F,1001,18,2,2021-03-02 18:31:00,2021-03-02,18:31:00,18,202118012345,3900 BLOCK CHESTNUT ST,500,Burglary Residential,-75.2001,39.9551,39.9551,-75.2001\n",
			[]string{"202118012345 | 3900 BLOCK CHESTNUT ST | Burglary Residential | 2021-03-02 18:31 | -75.2001 39.9551"}},
		{"Washington", "America/New_York", "X,Y,CCN,REPORT_DAT,SHIFT,METHOD,OFFENSE,BLOCK,XBLOCK,YBLOCK,WARD,ANC,DISTRICT,PSA,NEIGHBORHOOD_CLUSTER,BLOCK_GROUP,CENSUS_TRACT,VOTING_PRECINCT,LATITUDE,LONGITUDE,BID,START_DATE,END_DATE,OBJECTID,OCTO_RECORD_ID\n" +
			"-8575000.1,4706000.2,19012345,2019/01/24 15:49:09+00,DAY,OTHERS,THEFT/OTHER,900 - 999 BLOCK OF 9TH STREET NW,398000,137000,2,2C,1,101,Cluster 8,005800 1,5800,Precinct 129,38.9012,-77.0241,,2019/01/24 14:00:00+00,2019/01/24 14:30:00+00,1,19012345-01\n",
			[]string{"19012345 | 900 - 999 BLOCK OF 9TH STREET NW | THEFT/OTHER | 2019-01-24 09:00 to 2019-01-24 09:30 | -77.0241 38.9012"}},
		{"Vancouver", "America/Vancouver", "TYPE,YEAR,MONTH,DAY,HOUR,MINUTE,HUNDRED_BLOCK,NEIGHBOURHOOD,X,Y\n" +
			"Theft from Vehicle,2019,3,7,2,30,11XX ROBSON ST,West End,490612.0,5459000.1\n" +
			"Break and Enter Commercial,2019,12,31,23,5,10XX ALBERNI ST,West End,491102.2,5459092.0\n",
			[]string{
				"R | 11XX ROBSON ST | Theft from Vehicle | 2019-03-07 02:30",
				"R | 10XX ALBERNI ST | Break and Enter Commercial | 2019-12-31 23:05",
			}},
		{"Boston", "America/New_York", "INCIDENT_NUMBER,OFFENSE_CODE,OFFENSE_CODE_GROUP,OFFENSE_DESCRIPTION,DISTRICT,REPORTING_AREA,SHOOTING,OCCURRED_ON_DATE,YEAR,MONTH,DAY_OF_WEEK,HOUR,UCR_PART,STREET,Lat,Long,Location\n" +
			"I182070001,00619,Larceny,LARCENY ALL OTHERS,D14,808,,2018-09-02 13:05:00,2018,9,Sunday,13,Part One,LINCOLN ST,42.3577,-71.1393,\"(42.35770000, -71.13930000)\"\n",
			[]string{"I182070001 | LINCOLN ST | LARCENY ALL OTHERS | 2018-09-02 13:05 | -71.1393 42.3577"}},
		{"Kansas City", "America/Chicago", "Report_No,Reported_Date,Reported_Time,From_Date,From_Time,To_Date,To_Time,Offense,IBRS,Description,Beat,Address,City,Zip Code\n" +
			"KC1900001,02/14/2019,08:15,02/13/2019,22:00,02/14/2019,07:30,Stealing,23H,Stealing,345,4500 MAIN ST,KANSAS CITY,64111\n",
			[]string{"KC1900001 | 4500 MAIN ST, KANSAS CITY | Stealing | 2019-02-13 22:00 to 2019-02-14 07:30"}},
		{"a record system of the north", "Europe/London", "Occurrence No,Occurrence Type,HO Class,Start Time,End Time,Reported Time,Address,Beat Code,X Coord,Y Coord\n" +
			"NIC-1,Burglary dwelling,28/1,17-Nov-25 2130,18-Nov-25 0715,18-Nov-25 0740,\"12 High Street, Watton\",BK02,591000,300800\n",
			[]string{"NIC-1 | 12 High Street, Watton | Burglary dwelling | 2025-11-17 21:30 to 2025-11-18 07:15 | 0.817"}},
		{"another of the south", "Europe/London", "Investigation Ref;Offence Title;Committed From;Committed To;House No;Street Name;Town;Postcode;Easting;Northing;Status\n" +
			"42/1/26;Theft of pedal cycle;Mon 02/03/2026 10:00;Mon 02/03/2026 12:00;4;Mill Lane;Attleborough;NR17 2AA;604500;295000;NULL\n",
			[]string{"42/1/26 | 4 Mill Lane, Attleborough, NR17 2AA | Theft of pedal cycle | 2026-03-02 10:00 to 2026-03-02 12:00 | 1.01"}},
		{"a third, with names of its own", "Europe/London", "URN;Earliest Date/Time;Latest Date/Time;Date Recorded;Offence;Venue;Grid Ref E;Grid Ref N\n" +
			"01/0001/26;02/03/2026 10:00;02/03/2026 12:00;13/03/2026;Robbery of Personal Property;12 Mill Lane, Attleborough;604500;295000\n",
			[]string{"01/0001/26 | 12 Mill Lane, Attleborough | Robbery of Personal Property | 2026-03-02 10:00 to 2026-03-02 12:00 | 1.01"}},
		{"French semicolons", "Europe/Paris", "Numéro;Infraction;Date;Heure;Adresse;Ville;Latitude;Longitude\nP-1;Cambriolage;28/02/2026;22h30;12 rue des Lilas;Lille;50,6292;3,0573\n",
			[]string{"P-1 | 12 rue des Lilas, Lille | Cambriolage | 2026-02-28 22:30 | 3.0573 50.6292"}},
		{"German semicolons", "Europe/Berlin", "Aktenzeichen;Delikt;Tatzeit von;Tatzeit bis;Straße;Hausnummer;Ort;Breitengrad;Längengrad\nB-1;Einbruch;01.03.2026 18:00;01.03.2026 21:15;Lindenweg;7;Potsdam;52,4009;13,0591\n",
			[]string{"B-1 | 7 Lindenweg, Potsdam | Einbruch | 2026-03-01 18:00 to 2026-03-01 21:15 | 13.0591 52.4009"}},
		{"a house number beside an address without one", "Europe/London", "Crime No,House No,Location,Town,Date From,Type\nC1,4,Quebec Street,Dereham,2026-03-02 10:00,Theft\nC2,,9 Norwich Road,Dereham,2026-03-02 10:00,Theft\nC3,7,The Market Place,Dereham,2026-03-02 10:00,Theft\n",
			[]string{"C1 | 4 Quebec Street, Dereham | Theft | 2026-03-02 10:00", "C2 | 9 Norwich Road, Dereham | Theft | 2026-03-02 10:00", "C3 | 7 The Market Place, Dereham | Theft | 2026-03-02 10:00"}},
		{"a running number is no house", "Europe/London", "Nr,Report,Where,When,What\n1,5001,Quebec Street Dereham,2026-03-02 10:00,Theft\n2,5002,Norwich Road Dereham,2026-03-02 11:00,Theft\n",
			[]string{"5001 | Quebec Street Dereham | Theft | 2026-03-02 10:00", "5002 | Norwich Road Dereham | Theft | 2026-03-02 11:00"}},
		{"Dallas", "America/Chicago", "Incident Number w/year,Year of Incident,Service Number ID,Watch,Type of Incident,Type Location,Type of Property,Incident Address,Apartment Number,Reporting Area,Beat,Division,Date1 of Occurrence,Year1 of Occurrence,Month1 of Occurence,Day1 of the Week,Time1 of Occurrence,Date2 of Occurrence,Time2 of Occurrence,Date of Report,Zip Code,City\n" +
			"012345-2020,2020,012345-2020-01,2,BURGLARY OF HABITATION,Single Family Residence,,4100 LEMMON AVE,,1001,111,Central,01/15/2020,2020,January,Wed,08:00,01/15/2020,17:30,01/15/2020 06:01:00 PM,75219,DALLAS\n",
			[]string{"012345-2020 | 4100 LEMMON AVE, DALLAS | BURGLARY OF HABITATION | 2020-01-15 08:00 to 2020-01-15 17:30"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zone, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for r, err := range Read(t.Context(), "-", Options{Today: testToday, Zone: zone, Stdin: strings.NewReader(tt.text), Name: "a.csv"}) {
				if err != nil {
					t.Fatal(err)
				}
				if strings.HasPrefix(r.Ref, "R-") {
					r.Ref = "R"
				}
				s := fmt.Sprintf("%s | %s | %s | %s", r.Ref, r.Location, r.Offence, r.From.Format("2006-01-02 15:04"))
				if !r.To.Equal(r.From) {
					s += " to " + r.To.Format("2006-01-02 15:04")
				}
				if r.Point != nil {
					if tt.zone == "Europe/London" && tt.name != "data.police.uk" { // from the grid, whose own test is in geo
						s += fmt.Sprintf(" | %.3g", r.Point.Lon())
					} else {
						s += fmt.Sprintf(" | %g %g", r.Point.Lon(), r.Point.Lat())
					}
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
